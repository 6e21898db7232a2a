"""From an address or a folder to bytes, politely and within limits; knows no feed format."""
