/// How much of the past is kept. What explains the present is kept whatever these limits say.
package struct Retention: Hashable, Sendable {
    /// How long ago a run may have begun before it and its actions go, and how long ago drift may have been resolved; nil keeps all.
    package var runAge: Duration?
    /// The most actions of a provider; nil for any number.
    package var actions: Int?
    /// How long ago an event may have been recorded; nil keeps all.
    package var eventAge: Duration?
    /// The most events; nil for any number.
    package var events: Int?

    package init(runAge: Duration?, actions: Int?, eventAge: Duration?, events: Int?) {
        (self.runAge, self.actions, self.eventAge, self.events) = (runAge, actions, eventAge, events)
    }

    package static let day: Duration = .seconds(86_400)

    /// Without other settings: a quarter of runs, a year of events, as authentik keeps them, and a million rows of either.
    package static let standard = Retention(
        runAge: day * 90,
        actions: 1_000_000,
        eventAge: day * 365,
        events: 1_000_000
    )

    /// However low the limits are, nothing goes that is younger: the guard, and who asked for a run, look back that far.
    package static let youngest: Duration = day

    /// The most entries of the journal that are kept for providers that do not follow it. A provider that is behind by far fewer has
    /// a full sync, which needs none of them.
    package static let journalEntries: Int64 = 100_000
}

/// How much was deleted because it is too old or too much.
package struct TrimCounts: Hashable, Sendable {
    package var runs = 0
    package var actions = 0
    package var drifts = 0
    package var events = 0
    package var journalEntries = 0

    package init() {}

    package var isEmpty: Bool { self == TrimCounts() }
}
