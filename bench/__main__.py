"""The gallery's measurements, one after the other; its artists' are in `bench.dreams` and
`bench.styles`."""

import platform

from bench import painting, rating

if __name__ == "__main__":
    print(f"Python {platform.python_version()}, {platform.machine()}")
    rating.main()
    painting.main()
