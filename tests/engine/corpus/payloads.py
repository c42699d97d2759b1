"""What an author could try to have run: ways out of Python's sandboxes, one a line."""

from __future__ import annotations

# Each of these leaves a file called `marker` behind, or breaks off, where Python evaluates it.
CODE = {
    "import": "__import__('pathlib').Path('marker').touch()",
    "shell": "__import__('os').system('touch marker')",
    "subclasses": (
        "[c for c in ().__class__.__base__.__subclasses__() if c.__name__ == '_wrap_close']"
        "[0].__init__.__globals__['system']('touch marker')"
    ),
    "open": "open('marker', 'w')",
    "exec": "exec('open(chr(109), chr(119))')",
    "loader": "__loader__.load_module('os').mkdir('marker')",
}

ESCAPES = """
__import__('os').system('touch marker')
__builtins__['open']('marker', 'w')
__builtins__.__import__('os')
().__class__.__base__.__subclasses__()
''.__class__.__mro__[1].__subclasses__()
[].__class__.__bases__[0].__subclasses__()[40]('marker')
(1).__class__.__base__
a.__class__
a.__init__.__globals__
len.__self__
len.__self__.open('marker', 'w')
max.__call__(1, 2)
text.__format__('')
text.format(a)
'{0.__class__.__init__.__globals__}'.format(a)
'%s' % a
text.join(list)
text.encode()
f'{a}'
f'{a.__class__}'
f'{open("marker", "w")}'
lambda: open('marker', 'w')
(lambda f: f(f))(lambda f: f(f))
(lambda: (yield))()
[x for x in list]
{x for x in list}
{x: x for x in list}
(x for x in list)
[x.__class__ for x in list]
next(x for x in list)
(x := 1)
[y := 1, y]
await a
yield a
yield from list
open('marker', 'w')
exec('import os')
eval('1')
compile('1', '', 'eval')
globals()
locals()
vars()
dir()
dir(a)
type(a)
type('X', (), {})
object()
getattr(a, '__class__')
setattr(a, 'x', 1)
delattr(a, 'x')
hasattr(a, 'x')
isinstance(a, int)
issubclass(a, a)
callable(len)
print(a)
input()
breakpoint()
help()
exit()
quit()
copyright()
memoryview(b'x')
bytearray(10)
bytes(10)
range(10)
list(list)
dict()
set(list)
tuple(list)
sum(list)
sorted(list)
map(len, list)
filter(len, list)
zip(list, list)
iter(list)
next(list)
any(list)
all(list)
enumerate(list)
reversed(list)
slice(1)
super()
property()
pow(10, 10000000)
divmod(1, 2)
hash(a)
id(a)
hex(a)
chr(65)
ord(text)
repr(a)
str(a)
int('1')
float('nan')
complex(1)
format(a)
os.system('touch marker')
sys.exit()
subprocess.run(['touch', 'marker'])
S('touch marker')
task.data
task.workflow.script_engine
workflow.spec
self.x
list[0]
list[-1]
list[0:1]
list[::2]
mapping['a']
mapping['a']['b']
text[0]
{'a': 1}
{**mapping}
{1, 2}
[*list]
(*list,)
max(*list)
max(**mapping)
max(key=len)
round(number=1)
len(obj=text)
10 ** 10
10 ** -10
9 ** 9 ** 9
2 << 1000
2 >> 1
1 | 2
1 & 2
1 ^ 2
~1
a @ a
a is a
a is not None
1j
1e10
0x10
0o17
0b11
1_000
b'x'
rb'x'
u'x'.x
...
Ellipsis.__class__
NotImplemented.__class__
...[0]
'\\x5f\\x5fimport\\x5f\\x5f'
'\\N{BULLET}'
a; b
a = 1
a += 1
del a
import os
from os import system
assert a
raise a
pass
return a
global a
class X: pass
def f(): pass
with a: pass
while True: pass
for x in list: pass
if a: pass
try: pass
print a
exec a
`a`
a <> b
a ? b : c
a && b
a || b
!a
a === b
#{a}
${a}
${T(java.lang.Runtime).getRuntime().exec('touch marker')}
#{execution.setVariable('x', 1)}
<%= a %>
{{ a }}
{{ ''.__class__ }}
{% if a %}
$(touch marker)
`touch marker`
; DROP TABLE event
' OR 1=1 --
some x in list satisfies x > 1
if a > 1 then 2 else 3
for x in list return x
function() 1
a instance of number
date("2027-01-01")
duration("P1D")
list contains(list, 1)
count(list)
matches(text, "^(a+)+$")
""".strip().splitlines()

# An escape alone, and in the middle of something harmless.
AROUND = ("{}", "a == ({})", "yes and ({})", "max(1, ({}))", "1 if ({}) else 2")


def expressions() -> list[str]:
    """Every escape by itself and inside expressions that are otherwise fine."""
    return list(dict.fromkeys(around.format(escape) for escape in ESCAPES for around in AROUND))
