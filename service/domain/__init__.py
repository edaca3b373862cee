"""What a pilot, a filter, a gate and a Match are; nothing here reads a disk or a socket."""
