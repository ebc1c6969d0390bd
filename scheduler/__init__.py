"""Time: fires what is due, delivers the outbox, runs the periodic jobs. Knows the rules and the ports it is handed."""
