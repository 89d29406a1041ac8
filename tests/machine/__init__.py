"""A machine that plays the whole product at once and holds it to its promises.

Real parts (domain, desk, log, jobs, hub, sessions, responder) on two nodes over one store; whatever is random in
the world (threads, network, crashes, the clock, a model's pace) is decided by one seeded scheduler.
"""
