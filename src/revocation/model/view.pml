/* How a node answers from its view. Each step reads its clock and its view without a pause between, as JavaScript does between two awaits. */
#define ME node[n]

/* A lease that has run out takes the view with it, whenever that is noticed. */
inline lose(n) {
  ME.held = false;
  ME.left = 0;
#ifndef KEEP_VIEW_ON_RECOVERY
  ME.cached = false;
  ME.tomb = 0;
#endif
#ifndef LOAD_OUTLIVES_LEASE
  ME.load[0].unbroken = false;
  ME.load[LOADS - 1].unbroken = false;
#endif
  skip
}

inline notice(n) {
  if
  :: ME.held && ME.left == 0 -> lose(n)
  :: else
  fi
}

#ifdef JOIN_IN_LOOKUP
#define JOINABLE(i) (ME.load[i].stage != NONE && ME.load[i].attached)
#else
#define JOINABLE(i) (ME.load[i].stage != NONE && ME.load[i].attached && ME.held && ME.load[i].unbroken)
#endif

#ifdef TIMER_DECIDES /* planted: a timer ends the lease, and a node that wakes may serve before its timer fires */
#define NOTICE_AT_REQUEST(n) skip
#else
#define NOTICE_AT_REQUEST(n) notice(n)
#endif

inline start_load(n, i) {
  ME.load[i].stage = SENT;
  ME.load[i].from = ME.applied;
  ME.load[i].unbroken = ME.held;
  ME.load[i].attached = true
}

/*
 * A request with the ticket. It is accepted by the view, or by a load that has read a live session. A load that it starts itself
 * reads after its start, so only the ones that it joins can be wrong. A tombstone may refuse it at once (`ended`) or not (`changed`):
 * here it never does, which allows more.
 */
inline request(n) {
  NOTICE_AT_REQUEST(n);
  if
  :: ME.held && ME.cached -> assert(!acked)
  :: else ->
    if
    :: JOINABLE(0) -> assert(!acked || ME.load[0].stage != ANSWERED)
    :: LOADS > 1 && JOINABLE(LOADS - 1) -> assert(!acked || ME.load[LOADS - 1].stage != ANSWERED)
    :: else ->
      if
      :: acked
      :: !acked && ME.load[0].stage == NONE -> start_load(n, 0)
#if LOADS > 1
      :: !acked && ME.load[0].stage != NONE && ME.load[1].stage == NONE -> start_load(n, 1)
#endif
      :: else
      fi
    fi
  fi
}

#ifdef NO_TOMBSTONE
#define BARRED(i) false
#else
#define BARRED(i) (ME.tomb > ME.load[i].from)
#endif

inline clear_load(i) {
  ME.load[i].stage = NONE;
  ME.load[i].from = 0;
  ME.load[i].unbroken = false;
  ME.load[i].attached = false
}

/* The store reads. An ended session is refused and never cached: such a load is over. */
inline read_load(n, i) {
  if
  :: live -> ME.load[i].stage = ANSWERED
  :: else -> clear_load(i)
  fi
}

inline answer_load(n, i) {
  notice(n);
  if
  :: ME.held && ME.load[i].unbroken && !BARRED(i) -> ME.cached = true
  :: else
  fi;
  clear_load(i)
}

inline bury(n, seq) {
  ME.cached = false;
  ME.tomb = seq;
#ifndef JOIN_OLD_LOAD
  ME.load[0].attached = false;
  ME.load[LOADS - 1].attached = false;
#endif
  skip
}

inline apply_next(n) {
  notice(n);
  ME.applied++;
  if
  :: ours[ME.applied] -> bury(n, ME.applied)
  :: else
  fi
}
