/** Where the phone is, once. */

export interface Position {
  readonly lat: number;
  readonly lon: number;
  readonly accuracy_m: number;
}
const PATIENCE_MS = 15_000;

/** Nothing where it is not known or not allowed. */
export function here(): Promise<Position | null> {
  return new Promise((resolve) => {
    if (!("geolocation" in navigator)) return resolve(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lat: coords.latitude, lon: coords.longitude, accuracy_m: coords.accuracy }),
      () => resolve(null),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 10_000 },
    );
  });
}
