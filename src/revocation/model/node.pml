/* How a node keeps its lease, and all the steps it may take. */
#if !defined(LIVENESS) /* safety does not rest on who may renew */
#ifdef FEED_ANEW /* a lease that the store has forgotten is not prolonged */
#define MAY_RENEW (!ME.held || !ME.before)
#else
#define MAY_RENEW true
#endif
#elif defined(RENEW_WHILE_BEHIND)
#define MAY_RENEW (ME.held || ME.fresh)
#elif defined(JOIN_CARRIES_OLD)
#define MAY_RENEW (!ME.held || ME.applied >= ME.known)
#else
#define MAY_RENEW ((ME.held && ME.applied >= ME.known) || (!ME.held && ME.fresh))
#endif

inline send_renewal(n, r) {
  ME.renewal[r].stage = SENT;
  ME.renewal[r].carried = ME.applied;
#ifdef TOLD
  ME.renewal[r].grants = !ME.held;
#endif
#ifdef LIVENESS
  ME.fresh = false;
#endif
  skip
}

inline clear_renewal(n, r) {
  ME.renewal[r].stage = NONE;
  ME.renewal[r].carried = 0;
  ME.renewal[r].head = 0;
#ifdef TOLD
  ME.renewal[r].grants = false;
#ifdef FEED_ANEW
  ME.renewal[r].before = false;
#endif
#endif
  ME.renewal[r].age = 0;
  ME.renewal[r].old = 0
}

#ifdef LEASE_FROM_REPLY
#define GRANTED(r) NODE_LEASE
#else
#define GRANTED(r) (NODE_LEASE - ME.renewal[r].age)
#endif

#ifdef TOLD /* leases have ids here: a new one begins where it was granted, and an answer is of the lease that asked */
#define STILL_ITS_OWN(r) (ME.held != ME.renewal[r].grants)
inline begin_at(n, seq, r) {
  ME.applied = seq;
#ifdef FEED_ANEW
  ME.before = ME.renewal[r].before;
#endif
  skip
}
#else
#define STILL_ITS_OWN(r) true
#endif

/* An answer. A node that held no lease at this moment starts from an empty view, at the head. */
inline take_lease(n, r) {
  notice(n);
  if
  :: GRANTED(r) > 0 && STILL_ITS_OWN(r) ->
    if
#ifdef TOLD
    :: !ME.held -> ME.held = true; begin_at(n, ME.renewal[r].head, r)
    :: else
    fi;
#else
    :: !ME.held -> ME.held = true; ME.applied = (ME.renewal[r].head > ME.applied -> ME.renewal[r].head : ME.applied)
    :: else
    fi;
#endif
#ifdef LIVENESS
    ME.known = (ME.renewal[r].head > ME.known -> ME.renewal[r].head : ME.known);
#endif
    ME.left = (GRANTED(r) > ME.left -> GRANTED(r) : ME.left)
  :: else
  fi;
  clear_renewal(n, r)
}

/* Dies and starts again, under the same node id: the store's row outlives it. */
inline restart(n) {
  lose(n);
  ME.cached = false;
  ME.tomb = 0;
  ME.applied = 0;
#ifdef LIVENESS
  ME.known = 0;
  ME.fresh = false;
#endif
  clear_load(0);
  clear_load(LOADS - 1)
}

/* Announces a revocation of another subject. Its number may leave a gap to what this node has applied. */
inline announce_other(n) {
  other = true;
  head++;
  if
#ifdef OWN_SEQ_SKIPS_GAP
  :: true -> ME.applied = head
#else
  :: ME.applied + 1 == head -> ME.applied = head
#endif
  :: else
  fi
}

#ifdef LIVENESS_DEAD
#define ALIVE (head == 0) /* no node lives to see the announcement */
#else
#define ALIVE true
#endif

#define LOAD_STEPS(i) \
  :: atomic { ME.load[i].stage == SENT -> read_load(n, i) } \
  :: atomic { ME.load[i].stage == ANSWERED -> answer_load(n, i) }

#define RENEWAL_STEPS(r) \
  :: atomic { ALIVE && ME.renewal[r].stage == NONE -> notice(n); if :: MAY_RENEW -> send_renewal(n, r) :: else fi } \
  :: atomic { ALIVE && ME.renewal[r].stage == ANSWERED -> take_lease(n, r) }

#if !defined(TOLD) || defined(FOLLOWER)
proctype Working(byte n) {
  do
#ifndef LIVENESS
  :: atomic { request(n) }
  LOAD_STEPS(0)
#if LOADS > 1
  LOAD_STEPS(1)
#endif
#endif
  :: atomic { ALIVE && ME.applied < head -> apply_next(n) }
#ifdef LIVENESS
  :: atomic { ALIVE && !ME.held && !ME.fresh -> ME.fresh = true; ME.applied = head }
#endif
  :: atomic { ALIVE && ME.held -> lose(n) } /* a gap in the feed, a lost listener */
#ifndef FOLLOWER /* losing the lease is as much, under an id never used before */
  :: atomic { ALIVE -> restart(n) }
#endif
#ifndef ONE_SUBJECT
  :: atomic { ALIVE && OTHER_ALLOWED -> announce_other(n) }
#endif
#ifdef TIMER_DECIDES
  :: atomic { notice(n) }
#endif
  RENEWAL_STEPS(0)
#if RENEWALS > 1
  RENEWAL_STEPS(1)
#endif
  od
}
#endif
