"""Each verb's own rules, and which names are visible where."""

from collections.abc import Mapping

from hub.flow import verb
from hub.flow.evaluation import ExpressionFailed, as_moment
from hub.flow.expression_types import (
    ANY,
    TEXT,
    Choice,
    ListOf,
    Record,
    Type,
    category,
    joined,
    misfit,
    noun,
    widened,
)
from hub.flow.failing import check_failing
from hub.flow.fitting import Fitting
from hub.flow.hold_reader import EVENT, TIMEOUT
from hub.flow.noting import did_you_mean
from hub.flow.reader import Block, Scalar, Tree
from hub.flow.scope import Refusal, Surroundings
from hub.flow.span import BadSpan, parse_span, read_span
from hub.flow.verb import Step, Steps, names_in
from hub.sdk import Event

Scope = dict[str, Type]


class StepChecker:
    """Walks the steps in order with the names visible at each; `purchases` are the steps that buy."""

    def __init__(self, surroundings: Surroundings, fitting: Fitting) -> None:
        self.surroundings = surroundings
        self.fitting = fitting
        self.notes = surroundings.notes
        self.purchases: dict[str, Scalar] = {}

    def block(self, steps: Steps, outer: Scope) -> Scope:
        """Check a block; gives the names visible at its end."""
        scope = dict(outer)
        for step in steps:
            self.step(step, scope)
        return scope

    def step(self, step: Step, scope: Scope) -> None:  # noqa: C901  one case for each verb
        """Check one step and add the names it gives to the scope."""
        self.notes.step = str(step.id)
        match step.verb:
            case verb.Do() as do:
                self.do(step, do, scope)
            case verb.Rest() as rest:
                self.rest(rest, scope)
            case verb.Ask() as ask:
                self.ask(ask, scope)
            case verb.Run() as run:
                self.run(run, scope)
            case verb.Announce(event=event, inputs=inputs):
                found = self.surroundings.event(Scalar("hub", event.place), event)
                if found is not None:
                    self.fitting.model(inputs, found, scope, f"hub.{event}", event)
            case verb.Promise(clock=clock):
                clocks = self.surroundings.document.clocks
                if clock not in clocks:
                    hint = did_you_mean(clock, clocks)
                    self.notes.wrong(clock.place, f'There is no clock "{clock}" in `clocks`.', hint)
            case verb.Stop(reason=reason):
                self.fitting.text(reason, scope)
            case _:
                self.structure(step, scope)

    def structure(self, step: Step, scope: Scope) -> None:  # noqa: C901  one case for each verb
        """The verbs that only hold blocks or names."""
        match step.verb:
            case verb.If(condition=condition):
                self.fitting.expects(condition, scope, "truth")
                self.inside(step, scope)
            case verb.Choose(cases=cases):
                for condition, _ in cases:
                    self.fitting.expects(condition, scope, "truth")
                self.inside(step, scope)
            case verb.ForEach(items=items, item=item):
                found = self.fitting.expects(items, scope, "list")
                inner = dict(scope)
                self.give(item, found.item if isinstance(found, ListOf) else ANY, inner)
                self.inside(step, inner)
            case verb.RepeatUntil(until=until, steps=steps):
                inner = self.block(steps, scope)
                self.notes.step = str(step.id)
                self.fitting.expects(until, inner, "truth")
            case verb.Parallel(branches=branches):
                self.parallel(branches, scope)
            case verb.Let(values=values):
                for name, value in values.items():
                    self.give(name, widened(self.fitting.template(value, scope)), scope)

    def inside(self, step: Step, scope: Scope) -> None:
        """Each block of a step, with the names visible before it."""
        for steps in verb.blocks(step.verb):
            self.block(steps, scope)
        self.notes.step = str(step.id)

    def parallel(self, branches: dict[Scalar, Steps], scope: Scope) -> None:
        """Branches see nothing of each other; afterwards the names of all are visible."""
        before, taken = dict(scope), dict[str, str]()
        for branch, steps in branches.items():
            scope.update({k: t for k, t in self.block(steps, before).items() if k not in before})
            for name in names_in(steps):
                other = taken.setdefault(str(name), str(branch))
                if other != branch:
                    said = f'Branches "{other}" and "{branch}" both give the name "{name}".'
                    self.notes.wrong(name.place, said, "Choose another name.")

    def give(self, name: Scalar | None, found: Type, scope: Scope) -> None:
        """A name gets a value. A name keeps its kind, because steps above may be run again."""
        if name is None:
            return
        before = scope.get(str(name))
        if name == "event" and before is not None:
            self.notes.wrong(name.place, '"event" is what started the run.', "Choose another name.")
        if before is None:
            scope[str(name)] = found
            return
        kinds = {category(before), category(found)}
        if len(kinds) > 1 and "any" not in kinds:
            said = f'"{name}" is {noun(before)}; it cannot become {noun(found)}.'
            self.notes.wrong(name.place, said, "Choose another name.")
        scope[str(name)] = joined([before, found])

    def do(self, step: Step, do: verb.Do, scope: Scope) -> None:
        """Role, action, inputs, connection, refusals."""
        shape = self.surroundings.action(do.role, do.action)
        owner = f"{do.role}.{do.action}"
        if shape is None:
            if do.inputs is not None:
                self.fitting.template(do.inputs, scope)
        else:
            self.fitting.model(do.inputs, shape.input_type, scope, owner, do.action)
            if check_failing(step, do, shape, self.surroundings):
                self.purchases[str(step.id)] = step.id
        self.connection(do, scope)
        for steps in do.on_refused.values():
            self.block(steps, {**scope, "refusal": Record("Refusal", Refusal)})
        self.notes.step = str(step.id)
        self.give(do.save_as, Record(shape.output_type.__name__, shape.output_type) if shape else ANY, scope)

    def connection(self, do: verb.Do, scope: Scope) -> None:
        """`on` is there where a role has many connections, and only there."""
        is_many = self.surroundings.is_many(do.role)
        if do.on is None:
            if is_many:
                hint = f"Say which by `on`, such as on: ${{purchase.{do.role}}}."
                self.notes.wrong(do.role.place, f'The role "{do.role}" has many connections.', hint)
            return
        if not is_many:
            self.notes.wrong(do.on.place, f'The role "{do.role}" has one connection, so `on` says nothing.')
        found = self.fitting.text(do.on, scope)
        if category(found) not in ("text", "any"):
            self.notes.under(do.on, 0, f"`on` is a connection's name; this is {noun(found)}.")

    def rest(self, rest: verb.Rest, scope: Scope) -> None:
        """`for`, `until` or `event`."""
        for span in (rest.span, rest.timeout):
            if span is not None:
                self.span(span, scope)
        if rest.until is not None:
            self.until(rest.until, scope)
        if rest.role is None or rest.event is None:
            return
        event = self.surroundings.event(rest.role, rest.event)
        self.matching(rest, event, scope)
        late = self.block(rest.on_timeout, scope)
        found: Type = ANY if event is None else Record(event.__name__, event)
        if rest.save_as is not None and str(rest.save_as) in late and str(rest.save_as) not in scope:
            found = joined([found, late[str(rest.save_as)]])
        self.give(rest.save_as, found, scope)

    def matching(self, rest: verb.Rest | verb.Ask, event: type[Event] | None, scope: Scope) -> None:
        """A wait's `match`: only by the fields that the event's class keeps for it."""
        for key, value in rest.match.items():
            found = self.fitting.template(value, scope)
            if event is not None and key not in event.match_fields:
                said = f'{rest.role}.{rest.event} cannot be matched by "{key}".'
                self.notes.wrong(key.place, said, did_you_mean(key, event.match_fields))
            elif category(found) not in ("text", "number", "any"):
                self.notes.wrong(key.place, f'"{key}" is matched with a text or a number, not {noun(found)}.')
        if rest.event is not None and not rest.match:
            self.notes.doubtful(
                rest.event.place, "The wait takes any such event, whichever order it is about."
            )

    def span(self, text: Scalar, scope: Scope) -> None:
        """Plain time, or an expression of a duration."""
        if "${" in text:
            self.fitting.expects(text, scope, "duration")
            return
        try:
            parse_span(text)
        except BadSpan as error:
            self.notes.under(text, 0, str(error))

    def until(self, text: Scalar, scope: Scope) -> None:
        """A moment, written out or reckoned."""
        if "${" in text:
            self.fitting.expects(text, scope, "moment")
            return
        try:
            as_moment(str(text))
        except ExpressionFailed as error:
            self.notes.under(text, 0, str(error))

    def ask(self, ask: verb.Ask, scope: Scope) -> None:
        """Title, detail and due; `as` gives what the person chose."""
        self.fitting.text(ask.title, scope)
        if ask.detail is not None:
            self.fitting.template(ask.detail, scope)
        for label in ask.choices.values():
            if "${" in label:
                self.notes.under(
                    label, label.index("${"), "A choice's words are fixed.", "Put it in `title`."
                )
        if ask.due is not None:
            try:
                read_span(ask.due)
            except BadSpan as error:
                self.notes.under(ask.due, 0, str(error))
        if ask.timeout is not None:
            self.span(ask.timeout, scope)
        settled = [w for w, by in ((EVENT, ask.event), (TIMEOUT, ask.timeout)) if by is not None]
        choice = Choice((*map(str, ask.choices), *settled))
        fields: list[tuple[str, Type]] = [("choice", choice), ("note", TEXT), ("by", TEXT)]
        if ask.role is not None and ask.event is not None:
            event = self.surroundings.event(ask.role, ask.event)
            self.matching(ask, event, scope)
            fields.append(("event", ANY if event is None else Record(event.__name__, event)))
        self.give(ask.save_as, Record("The answer", None, tuple(fields)), scope)

    def run(self, run: verb.Run, scope: Scope) -> None:
        """The flow is known, and the inputs can be reckoned."""
        known = self.surroundings.flows
        if known and run.flow not in known:
            self.notes.wrong(run.flow.place, f'There is no flow "{run.flow}".', did_you_mean(run.flow, known))
        if run.flow == self.surroundings.document.flow:
            self.notes.wrong(run.flow.place, "A flow cannot run itself.")
        if run.inputs is not None and not isinstance(run.inputs, Block):
            self.notes.wrong(run.inputs.place, "`with` is a block of `input: value` lines.")
        else:
            self.handed_over(run, run.inputs or {}, scope)
        self.give(run.save_as, ANY, scope)

    def handed_over(self, run: verb.Run, given: Mapping[str, Tree], scope: Scope) -> None:
        """What another flow is given is what it asks for."""
        wanted = self.surroundings.inputs_of(run.flow)
        for name, value in given.items():
            found = self.fitting.template(value, scope)
            if wanted is None:
                continue
            if name not in wanted:
                hint = did_you_mean(name, wanted)
                self.notes.wrong(value.place, f'The flow {run.flow} has no input "{name}".', hint)
            elif reason := misfit(found, wanted[name]):
                self.notes.wrong(value.place, f'"{name}": {reason}')
        missing = [name for name in wanted or () if name not in given]
        if missing:
            self.notes.wrong(run.flow.place, f"The flow {run.flow} needs {', '.join(missing)}.")
