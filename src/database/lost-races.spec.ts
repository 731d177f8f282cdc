import { QueryFailedError } from 'typeorm';
import { afterLostRaces, isBusy } from './lost-races.js';

describe('a statement that lost a race', () => {
  const failing = (code: string, times: number) => {
    const outcome = { tries: 0, run: async () => 'done' };
    outcome.run = async () => {
      outcome.tries += 1;
      if (outcome.tries > times) return 'done';
      throw new QueryFailedError('UPDATE', [], Object.assign(new Error('lost'), { code }));
    };
    return outcome;
  };

  it.each(['40001', '40P01'])('is done again after %s', async (code) => {
    const statement = failing(code, 3);
    expect(await afterLostRaces(statement.run)).toBe('done');
    expect(statement.tries).toBe(4);
  });

  it('is done five times at most', async () => {
    const statement = failing('40001', 100);
    await expect(afterLostRaces(statement.run)).rejects.toMatchObject({ driverError: { code: '40001' } });
    expect(statement.tries).toBe(5);
  });

  it.each(['55P03', '57014', '23505', 'ECONNRESET'])('is done once where %s says something else', async (code) => {
    const statement = failing(code, 1);
    await expect(afterLostRaces(statement.run)).rejects.toThrow('lost');
    expect(statement.tries).toBe(1);
  });
});

describe('a database that could not do it in time', () => {
  const failed = (code: string) => new QueryFailedError('UPDATE', [], Object.assign(new Error('lost'), { code }));

  it.each(['40001', '40P01', '55P03', '57014'])('is busy: %s', (code) => {
    expect(isBusy(failed(code))).toBe(true);
  });

  it('is busy when its pool has no connection left', () => {
    expect(isBusy(new Error('timeout exceeded when trying to connect'))).toBe(true);
  });

  it.each(['23505', '57P01', '08006', 'ECONNREFUSED'])('is something else: %s', (code) => {
    expect(isBusy(failed(code))).toBe(false);
  });
});
