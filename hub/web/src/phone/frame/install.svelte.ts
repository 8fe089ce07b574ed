/** Whether this page can be put on the home screen, and is there. */

interface Asking extends Event {
  prompt(): Promise<unknown>;
}

class Install {
  #asking: Asking | null = $state.raw(null);
  /** The browser would ask now. */
  readonly ready: boolean = $derived(this.#asking !== null);
  /** It was opened from the home screen. */
  readonly installed = matchMedia("(display-mode: standalone)").matches;

  constructor() {
    addEventListener("beforeinstallprompt", (event) => {
      event.preventDefault();
      this.#asking = event as Asking;
    });
    addEventListener("appinstalled", () => (this.#asking = null));
  }

  /** Ask; a browser asks once. */
  async ask(): Promise<void> {
    const asking = this.#asking;
    this.#asking = null;
    await asking?.prompt();
  }
}
export const install = new Install();
