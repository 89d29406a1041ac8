let context: AudioContext | undefined;

/**
 * Two soft notes. Browsers allow no sound before the page was touched once; until then this does nothing,
 * and the tab's title and the coral row announce the visitor alone.
 */
export async function playTone(): Promise<void> {
  if (!navigator.userActivation.hasBeenActive) return;
  try {
    context ??= new AudioContext();
    if (context.state === "suspended") await context.resume();
    note(context, 587.33, context.currentTime);
    note(context, 880, context.currentTime + 0.16);
  } catch {
    // No audio device, or none allowed.
  }
}

function note(audio: AudioContext, frequency: number, at: number): void {
  const oscillator = audio.createOscillator();
  const volume = audio.createGain();
  oscillator.frequency.value = frequency;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.14, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.5);
  oscillator.connect(volume).connect(audio.destination);
  oscillator.start(at);
  oscillator.stop(at + 0.55);
}
