// Before the first paint: the remembered language and theme, so that nothing flashes in a dark guard room.
(() => {
  const root = document.documentElement;
  const read = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };
  root.lang = read("lf.lang") === "en" ? "en" : "zh-CN";
  const wall = location.hash === "" || location.hash === "#/";
  root.dataset.theme = read(wall ? "lf.theme.wall" : "lf.theme.desk") ?? (wall ? "dark" : "light");
})();
