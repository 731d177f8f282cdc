/* What the store does with a renewal, and what a caller who ends the session waits for. */
#define WAY(n, r) node[n].renewal[r]

#define DONE_WITH(n, seq) ((row_left[n] == 0 && GRACE_OVER) || row_applied[n] >= seq)
#if (defined(LEASES_FORGOTTEN) || defined(FEED_ANEW)) && !defined(NO_GRACE)
#define GRACE_OVER (grace == 0)
#else
#define GRACE_OVER true
#endif

inline forget_callers() {
  target[0] = 0; target[1] = 0;
  done[0].with[0] = false; done[0].with[NODES - 1] = false;
  done[1].with[0] = false; done[1].with[NODES - 1] = false
#ifdef TOLD
  ; word[0] = 0; word[NODES - 1] = 0
#endif
}

/*
 * What the callers wait for, looked at whenever a row or the time has changed: an acknowledgement that comes early is the worst case.
 * A node once seen without a running lease, or up to date, is waited for no more: whatever it caches from now on, it loads from now on.
 */
inline look(me) {
  if
  :: !acked && target[me] != 0 ->
#ifdef WAITS_FOR_JOINERS
    done[me].with[0] = false;
    done[me].with[NODES - 1] = false;
#endif
    if
    :: DONE_WITH(0, target[me]) -> done[me].with[0] = true
    :: else
    fi;
    if
    :: DONE_WITH(NODES - 1, target[me]) -> done[me].with[NODES - 1] = true
    :: else
    fi;
    if
    :: done[me].with[0] && done[me].with[NODES - 1] -> acked = true; forget_callers()
    :: else
    fi
  :: else
  fi
}

/* The statement begins: it has its snapshot, and has read the store's clock. */
inline begin_renewal(n, r) {
  WAY(n, r).head = head;
#ifdef TOLD
  if
  :: WAY(n, r).grants -> WAY(n, r).carried = head
  :: else
  fi;
#endif
  WAY(n, r).old = 0;
  WAY(n, r).stage = BEGUN
}

/* It commits: only now does anybody else see the row. One that was overtaken must not shorten the lease of the other. */
inline commit_renewal(n, r) {
  row_applied[ROW(n)] = WAY(n, r).carried;
  if
#ifdef LEASE_MOVES_BACK
  :: true -> row_left[ROW(n)] = STORE_LEASE - WAY(n, r).old
#else
  :: STORE_LEASE - WAY(n, r).old > row_left[ROW(n)] -> row_left[ROW(n)] = STORE_LEASE - WAY(n, r).old
  :: else
#endif
  fi;
  WAY(n, r).carried = 0;
  WAY(n, r).old = 0;
  WAY(n, r).stage = ANSWERED;
  look(0);
  look(1)
}

#ifdef PROMPT_COMMIT
#define AND_COMMIT(n, r) commit_renewal(n, r)
#else
#define AND_COMMIT(n, r) skip
#endif

#define STEPS_OF(n, r) \
  :: atomic { WAY(n, r).stage == SENT -> begin_renewal(n, r); AND_COMMIT(n, r) } \
  :: atomic { WAY(n, r).stage == BEGUN -> commit_renewal(n, r) } \
  :: atomic { WAY(n, r).stage != NONE -> clear_renewal(n, r) } /* the renewal, or its answer, is lost */

#ifdef FEED_ANEW
#define ANEW(n) \
  row_left[n] = 0; \
  row_applied[n] = 0; \
  node[n].before = node[n].held; \
  word_before[n] = (word[n] != 0); \
  if \
  :: WAY(n, 0).stage == SENT && !WAY(n, 0).grants -> clear_renewal(n, 0) \
  :: WAY(n, 0).stage == ANSWERED -> WAY(n, 0).before = true \
  :: else \
  fi

inline empty_store() {
  forgot = true;
  grace = STORE_LEASE;
  head = 0;
#ifndef ONE_SUBJECT
  other = false;
#endif
  ANEW(0)
#if NODES > 1
  ;
  ANEW(1)
#endif
}
#endif

proctype Store() {
  do
  STEPS_OF(0, 0)
#if RENEWALS > 1
  STEPS_OF(0, 1)
#endif
#if NODES > 1
  STEPS_OF(1, 0)
#if RENEWALS > 1
  STEPS_OF(1, 1)
#endif
#endif
#ifdef LEASES_FORGOTTEN /* a flushed Redis, a row evicted, an unlogged table after a crash */
  :: atomic { !forgot -> forgot = true; row_left[0] = 0; row_left[NODES - 1] = 0; grace = STORE_LEASE; look(0); look(1) }
#endif
#ifdef FEED_ANEW /* as above, and its numbers begin anew. What it had acknowledged it has forgotten too, so here nothing of it was ours. */
  :: atomic { !forgot && live -> empty_store() }
#endif
#ifdef STORE_CLOCK_JUMPS /* forward, past every recorded expiry */
  :: atomic { row_left[0] > 0 || row_left[NODES - 1] > 0 -> row_left[0] = 0; row_left[NODES - 1] = 0; look(0); look(1) }
#endif
  od
}

inline announce() {
  head++;
  ours[head] = true
}

/* A caller ends the session. Who finds it ended already waits as well, for everything announced until then. */
proctype Revoker(byte me) {
#ifdef ANNOUNCE_FIRST /* a store that cannot change and announce in one step */
  byte first;
  atomic { announce(); first = head }
#ifdef ANNOUNCE_ONCE
  atomic { live = false; target[me] = first; look(me) }
#else
  live = false;
  atomic { announce(); target[me] = head; look(me) }
#endif
#else
  atomic {
    if
    :: live -> live = false; announce()
#ifdef RETRY_DOES_NOT_WAIT
    :: else -> acked = true
#else
    :: else
#endif
    fi;
#ifndef CLOCK_AFTER_SNAPSHOT
    if
    :: !acked -> target[me] = head; look(me)
    :: else
    fi
#endif
  }
#endif
#ifdef CLOCK_AFTER_SNAPSHOT /* reads the rows, and the clock to judge them by a while later */
  do
  :: atomic { seen_left = row_left[0]; seen_applied = row_applied[0] }
     if
     :: atomic { seen_left == 0 || seen_applied >= 1 -> acked = true; break }
     :: true
     fi
  od
#endif
}
