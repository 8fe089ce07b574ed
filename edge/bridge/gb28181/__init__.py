"""GB/T 28181: a device to the platforms above this edge, a platform to the devices below it; never a picture.

Read in this order: sip (a message), stream (messages out of TCP), digest (who somebody is), scdp (what a
message carries), alarm and catalog (what that means here), post (sockets), talk (question and answer),
above with register and answer, below with device and taken (the two sides), bridge (all of it, in a thread
of its own), build (the bridge that an edge's file asks for), figures.
"""
