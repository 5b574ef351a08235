"""Texts are split where their rule says, between lines, and headings stay out of the passages."""

import ast
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gallery.works.functions import functions
from gallery.works.passages import RULES, Layout, Left, Passage, passages

pytestmark = pytest.mark.any_database

FOURTEEN = "\n".join(f"line {n}," for n in range(1, 15))


def split(text, rule, gap=1, headings=()):
    """What was found, as where and text, and what was left, as where and reason."""
    found = list(passages(text, rule, Layout(gap, headings)))
    kept = [(one.where, one.text) for one in found if isinstance(one, Passage)]
    return kept, [(one.where, one.reason) for one in found if isinstance(one, Left)]


def test_poems_stand_between_empty_lines_and_are_named_by_their_first():
    kept, left = split("\n  One rose,\n    and red.\r\n \r\nTwo reeds.\n", "poem")
    assert kept == [("One rose", "One rose,\n  and red.\n"), ("Two reeds.", "Two reeds.\n")]
    assert left == []


def test_a_wider_gap_keeps_stanzas_together():
    kept, _ = split("One.\n\nTwo.\n\n\n\nThree.\n", "poem", gap=3)
    assert [text for _, text in kept] == ["One.\n\nTwo.\n", "Three.\n"]


def test_numbers_capitals_and_notes_on_top_are_no_part_of_a_poem():
    text = "XII.\n \t\nIN THE GARDEN.\n\n[Printed\nin 1891]\n\nA bird came down\n\nthe walk.\n"
    text += "\n\n\nXIII.\n\nA bird went up.\n\n\n\nBOOK II.\n"
    kept, left = split(text, "poem", gap=3)
    assert kept == [
        ("IN THE GARDEN", "A bird came down\n\nthe walk.\n"),
        ("XIII", "A bird went up.\n"),
    ]
    assert left == [("BOOK II", "there are no lines below the heading")]


def test_the_first_lines_may_be_title_and_maker():
    found = list(
        passages("鹿柴\n王維\n空山不見人，\n但聞人語響。\n", "poem", Layout(1, ("title", "maker")))
    )
    assert found == [Passage("鹿柴", "空山不見人，\n但聞人語響。\n", "王維")]


def test_a_first_line_that_is_too_long_for_a_title_gives_way_to_a_number():
    kept, _ = split(f"{'明' * 200}\n\n{'so long ' * 40}\n", "poem")
    assert kept[0][0] == "1"
    assert kept[1][0].endswith("so long…")
    assert len(kept[1][0]) <= 80


def test_sonnets_stand_under_their_numbers():
    text = f"SONNETS\n\nTo W. H.\n\nI.\n\n{FOURTEEN}\n\n XVIII\n{FOURTEEN}\n\n99.\nshort\n"
    kept, left = split(text, "sonnet")
    assert [where for where, _ in kept] == ["1", "18"]
    assert all(text == FOURTEEN + "\n" for _, text in kept)
    assert left == [
        ("lines 1 to 4", "they stand before the first number"),
        ("99", "it has 1 lines, and a sonnet has 14"),
    ]


def test_all_of_shakespeares_sonnets_are_found(shared_data):
    text = (shared_data / "texts" / "shakespeare-sonnets.txt").read_text()
    kept, left = split(text, "sonnet")
    assert [where for where, _ in kept] == [str(n) for n in range(1, 155)]
    assert [where for where, _ in left] == ["lines 1 to 16"]
    assert kept[17][1].startswith("Shall I compare thee to a summer's day?\n")
    assert kept[17][1].endswith("So long lives this and this gives life to thee.\n")


PLAY = """THE STORM

SCENE	An island.

ACT I

SCENE I	On a ship: a noise
	of thunder heard.

MASTER	Boatswain!

	THE STORM

ACT I
SCENE II. The cave.
MIRANDA  O father!

ACT II

Scene 1

	EPILOGUE

Let me not
dwell in this island.
"""


def test_scenes_stand_under_act_and_scene():
    kept, left = split(PLAY, "scene")
    assert kept == [
        ("Act I, Scene I", "MASTER  Boatswain!\n"),
        ("Act I, Scene II", "MIRANDA  O father!\n"),
        ("Act II, Epilogue", "Let me not\ndwell in this island.\n"),
    ]
    assert left == [
        ("lines 1 to 4", "it stands under no heading of a scene"),
        ("Act II, Scene 1", "there are no lines below the heading"),
    ]


def test_all_scenes_of_hamlet_are_found(shared_data):
    text = (shared_data / "texts" / "shakespeare-hamlet.txt").read_text()
    kept, _ = split(text, "scene")
    acts = {"I": 5, "II": 2, "III": 4, "IV": 7, "V": 2}
    roman = ["I", "II", "III", "IV", "V", "VI", "VII"]
    assert [where for where, _ in kept] == [
        f"Act {act}, Scene {scene}" for act, count in acts.items() for scene in roman[:count]
    ]
    assert not any("HAMLET\n\n\nACT" in text for _, text in kept)


PYTHON = '''
import os
# Why it is here.
@cache
def first(a):
    def inside():
        return "}"
    return inside

class Box:
    size = 3
    async def second(self):
        """Say."""

if os.name:
    def third(): return 3
value = lambda: 4
'''


def test_python_is_split_into_its_functions_and_methods():
    kept, left = split(PYTHON, "function")
    assert [where for where, _ in kept] == ["first", "Box.second", "third"]
    assert kept[0][1].startswith("# Why it is here.\n@cache\ndef first(a):\n    def inside():")
    assert kept[1][1] == 'async def second(self):\n    """Say."""\n'
    assert left == []
    for _, text in kept:
        ast.parse(text)


def test_a_long_chain_of_conditions_is_no_trouble():
    chain = "if a == 0:\n    pass\n" + "".join(f"elif a == {n}:\n    pass\n" for n in range(2500))
    assert [name for name, _ in functions(chain + "def last():\n    pass\n")] in (["last"], [])


C = r"""/* the licence */

#include <stdio.h>
#define BRACE(x) if (x) { \
    while (1) {

struct point { int x, y; };
int table[] = { 1, 2, 3 };
static int (*calls[])(void) = { one, two };
int declared(int a);

// Counts { braces.
// And tells how many.
static int
count(const char *s)
{
    char c = '{', d = '\'';  /* } */
    for (; *s; s++) { if (*s == '"') puts("}}}\"{"); }
    return c;
}

int main(void) { return count("{"); }
namespace deep { class Tin { int size() const { return 1; } }; }
namespace flat {
void low()
{
}
int high;
}
extern "C" {
void bare(int x = 3) { }
}
"""


def test_c_is_split_by_its_braces():
    kept, left = split(C, "function")
    assert [where for where, _ in kept] == ["count", "main", "size", "low", "bare"]
    assert kept[0][1].startswith("// Counts { braces.\n// And tells how many.\nstatic int\ncount(")
    assert kept[0][1].endswith("    return c;\n}\n")
    assert kept[1][1] == 'int main(void) { return count("{"); }\n'
    assert kept[2][1] == "int size() const { return 1; }\n"
    assert left == []


def test_branches_that_open_more_braces_than_they_close_swallow_nothing_else():
    text = "int a(void)\n{\n#if X\n  if (b) {\n#else\n  if (c) {\n#endif\n  }\n}\n"
    kept, _ = split(text + "\nint d(void)\n{\n}\n", "function")
    assert [where for where, _ in kept] == ["a", "d"]


def test_every_function_of_a_kernel_is_whole(shared_data):
    text = (shared_data / "texts" / "xv6-source.c.txt").read_text()
    kept, _ = split(text, "function")
    assert len(kept) == 318
    for where, passage in kept:
        assert passage.count(f"{where}(")
        assert passage.endswith("}\n")
        assert not any(line.startswith("}") for line in passage.split("\n")[:-2])


@pytest.mark.parametrize("rule", ["sonnet", "scene", "function"])
def test_a_text_in_which_a_rule_finds_nothing_is_told(rule):
    kept, left = split("Just a few words.\n", rule)
    assert kept == []
    assert len(left) == 1


def test_the_whole_is_a_passage_too():
    assert split("a\n\nb", "whole") == ([("", "a\n\nb\n")], [])


SIGNS = st.sampled_from([*"ab{}()\"'\\;#\n\n /*明é", "\u0301", "👩‍🚀", "def ", "ACT I\n", "I.\n"])


@pytest.mark.parametrize("rule", RULES)
@settings(deadline=None)
@given(text=st.lists(SIGNS, max_size=80).map("".join))
def test_passages_are_whole_lines_of_the_text(rule, text):
    """But for what stands between braces, which a program may put on a line with other things."""
    lines = {" ".join(line.split()) for line in text.split("\n")}
    for where, passage in split(text, rule)[0]:
        assert "\n" not in where
        assert passage.endswith("\n")
        for line in passage.removesuffix("\n").split("\n"):
            said = " ".join(line.split())
            assert said in lines or (rule == "function" and any(said in one for one in lines))


@pytest.mark.parametrize(
    "hostile", ["{" * 10**6, "a(" * 10**6, "/*" * 10**6, '"' * 10**6, "(" * 10**5]
)
def test_hostile_source_takes_no_time(hostile):
    assert list(functions(hostile)) == []


def test_passages_are_moved_to_the_left_together():
    kept, _ = split(textwrap.indent("Rose,\n\tred.", "    "), "poem")
    assert kept == [("Rose", "Rose,\n    red.\n")]
