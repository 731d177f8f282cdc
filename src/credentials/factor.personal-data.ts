import { Injectable } from '@nestjs/common';
import { PersonalData } from '../kernel/personal-data.js';
import { Factors } from './factors.js';

/** Every enrolled factor, the password included, without its secret. */
@Injectable()
export class FactorPersonalData extends PersonalData {
  readonly name = 'factors';

  constructor(private readonly factors: Factors) {
    super();
  }

  async *pagesOf(userId: string): AsyncGenerator<object[]> {
    yield await this.factors.enrolledBy(userId);
  }

  override async countEnding(userId: string): Promise<number> {
    const enrolled = await this.factors.enrolledBy(userId);
    return enrolled.filter(({ factor }) => this.factors.named(factor).canFollow).length;
  }
}
