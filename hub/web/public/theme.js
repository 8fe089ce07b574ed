// Before the first paint, so that nothing flashes in a dark guard room.
(() => {
  const root = document.documentElement;
  const read = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };
  root.lang = read("lang") === "en" ? "en" : "zh-CN";
  const wall = location.pathname === "/" && (location.hash === "" || location.hash === "#/");
  const night = location.pathname.startsWith("/phone") && matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = read("theme") ?? (wall || night ? "dark" : "light");
})();
