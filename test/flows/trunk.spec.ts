import { ExampleController } from '../../src/service/example.controller.js';
import { bootEmbeddedHost } from '../boot-host.js';
import { overStrategies, STORES } from './combinations.js';
import { exerciseTrunk, exerciseTrunkIn, LIFETIMES } from './trunk.contract.js';

exerciseTrunk(STORES.filter((store) => store === 'postgres' || store === 'memory'));

// The service is on Fastify and a real PostgreSQL; what differs with the adapter does not differ with the database.
describe('in a host on express, with the embedded database', () => {
  overStrategies((strategy) => {
    const options = { authStrategies: [strategy], ...LIFETIMES };
    exerciseTrunkIn(strategy, () =>
      bootEmbeddedHost({ adapter: 'express', options, controllers: [ExampleController] }),
    );
  });
});
