"""All measurements, one after the other."""

import platform

from bench import painting, rating

if __name__ == "__main__":
    print(f"Python {platform.python_version()}, {platform.machine()}")
    rating.main()
    painting.main()
