import { Injectable } from '@nestjs/common';

/** Whether the node is being stopped: readiness says so first, so that a balancer sends nothing new. */
@Injectable()
export class Draining {
  private stopping = false;

  get begun(): boolean {
    return this.stopping;
  }

  begin(): void {
    this.stopping = true;
  }
}
