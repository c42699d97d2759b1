// Parts of a page behind tabs: the style shows the part in the address, this says which tab it is.

/** Mark the tab of the part asked for, the first where none is; again whenever the address changes. */
export function prepareParts(page) {
  const mark = () => {
    for (const tabs of page.querySelectorAll("[data-parts]")) {
      const links = [...tabs.querySelectorAll("a")];
      const chosen = links.find((link) => link.hash === location.hash) ?? links[0];
      for (const link of links) link.toggleAttribute("aria-current", link === chosen);
      chosen?.setAttribute("aria-current", "true");
    }
  };
  addEventListener("hashchange", mark);
  mark();
}
