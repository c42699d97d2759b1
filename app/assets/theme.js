// Sets the colour theme before the first paint; loaded in <head> without defer.
const chosen = localStorage.getItem("theme");
const dark = matchMedia("(prefers-color-scheme: dark)");

const apply = () => {
  const theme = chosen ?? (dark.matches ? "dark" : "light");
  document.documentElement.dataset.bsTheme = theme;
};

apply();
dark.addEventListener("change", apply);
