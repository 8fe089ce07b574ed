/** The camera at the back of the phone, as long as somebody scans. */

interface Lit extends MediaTrackCapabilities {
  readonly torch?: boolean;
}
const LOOK_MS = 120;

export interface Camera {
  /** Whether it has a light. */
  readonly torch: boolean;
  light(on: boolean): Promise<void>;
  stop(): void;
}

/** Open it and show it in `video`. Raises where there is none or it is not allowed. */
export async function camera(video: HTMLVideoElement): Promise<Camera> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment", width: { ideal: 1280 } } });
  const [track] = stream.getVideoTracks();
  video.srcObject = stream;
  await video.play();
  return {
    torch: (track?.getCapabilities?.() as Lit | undefined)?.torch ?? false,
    light: async (on) => track?.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] }),
    stop: () => stream.getTracks().forEach((each) => each.stop()),
  };
}

/** Look again and again; `found` gets each text that is read. Returns how to stop. */
export function watch(look: () => Promise<readonly string[]>, found: (text: string) => void): () => void {
  let on = true;
  const turn = async (): Promise<void> => {
    // a picture that cannot be read yet is followed by another
    for (const text of await look().catch(() => [])) if (on) found(text);
    if (on) setTimeout(() => void turn(), LOOK_MS);
  };
  void turn();
  return () => (on = false);
}
