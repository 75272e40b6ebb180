"""The package of an application in several files; it is run once in a process, however many sessions there are."""

N_RUNS = 0
N_RUNS += 1
