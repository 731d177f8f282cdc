/*
 * A process of another service that follows: a lease of its own on its own clock, as a node has it, but what it knows it has from a node. Its stream is
 * told by any node and may be late, so it may have applied more, or less, than the node that it asks.
 */
#ifdef LOOK_UP_IGNORES_APPLIED /* planted: a node answers by its view, whatever the follower had applied when it asked */
#define HAS_COME_AS_FAR_AS(seq) true
#else
#define HAS_COME_AS_FAR_AS(seq) (node[0].applied >= seq)
#endif

#ifdef FOLLOWER
/* A node judges the ticket: by what it keeps, by a load that it has under way, or by the store. */
inline look_up(n, i) {
  notice(0);
  if
  :: node[0].held && node[0].cached && HAS_COME_AS_FAR_AS(ME.load[i].from) -> ME.load[i].stage = ANSWERED
  :: node[0].held && node[0].load[0].stage == ANSWERED && node[0].load[0].attached && node[0].load[0].unbroken &&
     HAS_COME_AS_FAR_AS(ME.load[i].from) -> ME.load[i].stage = ANSWERED
  :: read_load(n, i)
  fi
}
#else /* how nodes judge by what they know is another search */
#define look_up(n, i) read_load(n, i)
#endif

#ifdef TOLD
#ifdef SAID_BEFORE_APPLIED /* planted: it says what its stream has brought */
#define TO_SAY head
#else
#define TO_SAY ME.applied
#endif

/* It says what it has applied. The word may be late, lost, or told again and again; one that is on its way is lost by the next. */
inline say(n) {
  word[n] = TO_SAY + 1;
#ifdef FEED_ANEW
  word_before[n] = ME.before;
#endif
  skip
}

#ifdef WORD_COUNTS_FOR_THE_NEXT /* planted */
#define SAYS(n, seq) (word[n] != 0 && word[n] >= seq)
#else
#define SAYS(n, seq) (word[n] > seq)
#endif
#if defined(FEED_ANEW) && !defined(WORD_OUTLIVES_LEASE) /* planted: a word is the follower's, not the lease's */
#define OF_ITS_LEASE(n) (!word_before[n])
#else
#define OF_ITS_LEASE(n) true
#endif
#define COUNTS(n) (target[0] != 0 && !done[0].with[n] && SAYS(n, target[0]) && OF_ITS_LEASE(n))

/* The node where the first caller waits goes by it, for this lease alone. Whoever waits elsewhere goes by the store. */
inline hear(n) {
  done[0].with[n] = true;
  look(0)
}
#endif

#ifdef FEED_ANEW /* what comes by the stream of a node is of the feed that the lease is of */
#define IS_TOLD(n) (!ME.before && ME.applied < head)
#else
#define IS_TOLD(n) (ME.applied < head)
#endif

proctype Following(byte n) {
  do
  :: atomic { request(n) }
  :: atomic { ME.load[0].stage == SENT -> look_up(n, 0) }
  :: atomic { ME.load[0].stage == ANSWERED -> answer_load(n, 0) }
  :: atomic { IS_TOLD(n) -> apply_next(n) }
  :: atomic { ME.held -> lose(n) } /* the stream is cut, silent, or has a gap; a process that starts anew has lost as much */
#ifdef SERVICE_ENDS_LEASE /* planted: a refusal takes the lease away, which may be lost on its way */
  :: atomic { row_left[n] > 0 -> row_left[n] = 0; look(0) }
#endif
#ifdef TOLD
  :: atomic { !acked && ME.held && word[n] != TO_SAY + 1 -> say(n) }
  :: atomic { COUNTS(n) -> hear(n) }
#ifndef FOLLOWER
#ifndef ONE_SUBJECT
  :: atomic { OTHER_ALLOWED -> other = true; head++ }
#endif
#endif
#endif
  RENEWAL_STEPS(0)
  od
}
