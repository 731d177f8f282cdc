import { Injectable } from '@nestjs/common';

/** Which entries of the navigation lead somewhere at this moment: features say so of their own. */
@Injectable()
export class ShownEntries {
  private readonly conditions = new Map<string, () => boolean>();

  /**
   * From now on the entry of a page is shown only while this is true; on the page itself it always is.
   *
   * @param page as it is declared
   * @param isShown asked for every page that is shown, so it answers from memory
   */
  onlyIf(page: string, isShown: () => boolean): void {
    this.conditions.set(page, isShown);
  }

  isShown(page: string): boolean {
    return this.conditions.get(page)?.() ?? true;
  }
}
