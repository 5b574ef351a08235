"""The gallery: a Django project and its apps in one package."""

from gallery.sqlite import use_bundled

use_bundled()
