"""Cameras that speak ONVIF: found on the network, asked, heard and turned."""
