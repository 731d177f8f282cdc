/*
 * A process of another service that follows: a lease of its own on its own clock, as a node has it, but what it knows it has from a node. Its stream is
 * told by any node and may be late, so it may have applied more, or less, than the node that it asks.
 */
#ifdef LOOK_UP_IGNORES_APPLIED /* planted: a node answers by its view, whatever the follower had applied when it asked */
#define HAS_COME_AS_FAR_AS(seq) true
#else
#define HAS_COME_AS_FAR_AS(seq) (node[0].applied >= seq)
#endif

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

proctype Following(byte n) {
  do
  :: atomic { request(n) }
  :: atomic { ME.load[0].stage == SENT -> look_up(n, 0) }
  :: atomic { ME.load[0].stage == ANSWERED -> answer_load(n, 0) }
  :: atomic { ME.applied < head -> apply_next(n) }
  :: atomic { ME.held -> lose(n) } /* the stream is cut, silent, or has a gap; a process that starts anew has lost as much */
#ifdef SERVICE_ENDS_LEASE /* planted: a refusal takes the lease away, which may be lost on its way */
  :: atomic { row_left[n] > 0 -> row_left[n] = 0; look(0) }
#endif
  RENEWAL_STEPS(0)
  od
}
