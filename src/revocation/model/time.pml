/* Time passes for all clocks at once, but no clock is ever compared with another machine's. */
#define AGE(counter, most) counter = (counter < most -> counter + 1 : counter)
#define RUN_DOWN(counter) counter = (counter > 0 -> counter - 1 : 0)

#if defined(NODE_CLOCK_STOPS)
#define MAY_SLIP(n) true
#elif defined(EXACT_CLOCKS)
#define MAY_SLIP(n) false
#else
#define MAY_SLIP(n) (!slipped)
#endif

#ifdef LIVENESS /* a renewal reaches the store, and a statement commits, within a tick */
#define IN_TRANSIT(renewal) (renewal.stage == SENT)
#define LATE(n, r) ((WAY(n, r).stage == SENT || WAY(n, r).stage == BEGUN) && WAY(n, r).old > 0)
#define DUE(n) (LATE(n, 0) || LATE(n, RENEWALS - 1))
#define WAITING (target[0] != 0 && !acked)
#define CALM (!DUE(0) && !DUE(NODES - 1))
#else
#define IN_TRANSIT(renewal) false
#define CALM true
#endif

inline tick_at_node(n) {
  RUN_DOWN(ME.left);
  for (r : 0 .. RENEWALS - 1) {
    if
    :: ME.renewal[r].stage != NONE -> AGE(ME.renewal[r].age, NODE_LEASE)
    :: else
    fi
  }
}

inline tick_at_store(n) {
  RUN_DOWN(row_left[n]);
  if
  :: row_left[n] == 0 -> row_applied[n] = 0 /* it says nothing any more */
  :: else
  fi;
  for (r : 0 .. RENEWALS - 1) {
    if
    :: ME.renewal[r].stage == BEGUN || IN_TRANSIT(ME.renewal[r]) -> AGE(ME.renewal[r].old, STORE_LEASE)
    :: else
    fi
  }
}

proctype Time() {
  byte n, r;
  do
  :: atomic {
      CALM ->
      for (n : 0 .. NODES - 1) {
        if
        :: tick_at_node(n)
        :: MAY_SLIP(n) -> slipped = true
        fi;
        tick_at_store(n)
      }
#if defined(LEASES_FORGOTTEN) || defined(FEED_ANEW)
      RUN_DOWN(grace);
#endif
#ifdef CLOCK_AFTER_SNAPSHOT
      RUN_DOWN(seen_left);
#endif
      look(0);
      look(1);
#ifdef LIVENESS
      if
      :: WAITING -> waited++; assert(waited <= LONGEST_WAIT)
      :: else
      fi;
#endif
      n = 0;
      r = 0
    }
  od
}
