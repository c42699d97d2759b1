// Paints in the system's theme unless the person chose one; loaded in <head> without defer.
const page = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const chosen = page.dataset.bsTheme;

function apply() {
  if (!chosen) page.dataset.bsTheme = dark.matches ? "dark" : "light";
}

apply();
dark.addEventListener("change", apply);
