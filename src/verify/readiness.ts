/** Something that happens once, or is known not to happen for now. */
export class Readiness {
  private isReady = false;
  private failure: Error | null = null;
  private waiting: { resolve(): void; reject(error: Error): void }[] = [];

  /** Resolves when it has happened. @throws whatever keeps it from happening */
  wait(): Promise<void> {
    if (this.isReady) return Promise.resolve();
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  succeed(): void {
    this.isReady = true;
    for (const { resolve } of this.waiting.splice(0)) resolve();
  }

  /** Until it succeeds after all. */
  fail(error: Error): void {
    this.failure = error;
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}
