"""What cameras see of the ground one walks on: exact fields of view past shops, in plan view.

`whole` reckons a market, `one` a camera that is tried, `mounts` where the next would do most, `zones` who
looks where nobody may. Each has `make(asked, heard)`.
"""
