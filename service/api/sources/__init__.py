"""How every source fares."""
