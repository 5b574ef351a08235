// Says beside each slider where it stands.
document.querySelector(".framing")?.addEventListener("input", (event) => {
  const said = event.target.parentElement.querySelector("output");
  if (said) said.textContent = event.target.value;
});
