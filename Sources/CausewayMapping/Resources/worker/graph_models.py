"""Microsoft's SDK, as far as mappings use it: classes whose attributes are the properties of Graph's types."""

import difflib
import importlib.machinery
import re
import types

SNAKE = re.compile(r"(?<!^)(?=[A-Z])")
ALWAYS = ("additional_data", "odata_type")


def snake_case(name):
    return SNAKE.sub("_", name).lower()


def hint(name, known):
    near = difflib.get_close_matches(name, known, 1)
    return f"; did you mean '{near[0]}'?" if near else ""


class FixedClass(type):
    """Classes that are the same for all objects: their attributes cannot be set."""

    def __setattr__(cls, name, value):
        raise AttributeError(f"'{cls.__name__}.{name}' cannot be changed; all objects share the class")

    __delattr__ = lambda cls, name: cls.__setattr__(name, None)


class Model(metaclass=FixedClass):
    _properties = frozenset()

    def __init__(self, **values):
        for name, value in values.items():
            setattr(self, name, value)

    def __setattr__(self, name, value):
        if name not in self._properties and name not in ALWAYS:
            raise AttributeError(f"'{type(self).__name__}' has no property '{name}'{hint(name, self._properties)}")
        self.__dict__[name] = value

    def __getattr__(self, name):
        if name in self._properties or name in ALWAYS:
            return None
        raise AttributeError(f"'{type(self).__name__}' has no property '{name}'{hint(name, self._properties)}")


class Models:
    """Answers imports of msgraph.generated.models."""

    PACKAGE = "msgraph.generated.models"
    PARENTS = ("msgraph", "msgraph.generated", PACKAGE)

    def __init__(self, type_data):
        self.classes = {}
        self.by_module = {}
        for name, properties in type_data["models"].items():
            members = {"_properties": frozenset(snake_case(p) for p in properties), "__module__": self.PACKAGE}
            self.add(name, type(name[0].upper() + name[1:], (Model,), members))
        for name, values in type_data["enumerations"].items():
            self.add(name, types.SimpleNamespace(**{v[0].upper() + v[1:]: v for v in values}))

    def add(self, name, value):
        self.classes[name[0].upper() + name[1:]] = value
        self.by_module[f"{self.PACKAGE}.{snake_case(name)}"] = name[0].upper() + name[1:]

    def find_spec(self, name, path, target=None):
        if name in self.PARENTS or name in self.by_module:
            return importlib.machinery.ModuleSpec(name, self, is_package=name in self.PARENTS)
        if name.startswith(self.PACKAGE + "."):
            raise ModuleNotFoundError(f"Graph has no type for '{name}'{hint(name, self.by_module)}", name=name)
        return None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        if module.__name__ == self.PACKAGE:
            module.__dict__.update(self.classes)
        elif module.__name__ in self.by_module:
            class_name = self.by_module[module.__name__]
            setattr(module, class_name, self.classes[class_name])
