import CausewayGraphTypes
package import CausewayJSON
package import CausewayMapping
package import CausewayModel
import CausewayStore

/// The result of a preview of mappings.
package struct PreviewResult: Sendable {
    package let object: ObjectReference
    package let name: String
    /// Whether the object is in the provider's scope; any object can be previewed.
    package let scope: Explanation.Scope
    /// What the mappings return, and what Entra would say to it.
    package let outcome: Outcome
    /// What a sync would do, in order.
    package let actions: [Action]
    package let notes: MappingNotes
    /// How long evaluating and planning took, without the start of Python.
    package let duration: Duration

    package enum Outcome: Sendable {
        /// Properties by Graph's names; secrets are masked. `manager` is the user named, if one is.
        case properties([String: JSONValue], manager: ManagerReference?)
        case skipped
        /// Nothing would be sent, for this reason; `given` is what the mappings returned nevertheless.
        case leftAlone(message: String, remedy: String, attribute: String?, given: [String: JSONValue])
    }

    init(
        object: ObjectReference,
        name: String,
        scope: Explanation.Scope,
        plan: ObjectPlan,
        duration: Duration,
        types: GraphTypes
    ) {
        (self.object, self.name, self.scope, self.duration) = (object, name, scope, duration)
        var notes = plan.object.result.notes
        switch plan.decision {
        case .leaveAlone(.skippedByMapping, _, _): outcome = .skipped
        case .leaveAlone(let reason, let obstacle, let given):
            outcome = .leftAlone(
                message: obstacle.message.isEmpty ? reason.sentence : obstacle.message,
                remedy: obstacle.remedy,
                attribute: obstacle.attribute,
                given: given?.properties ?? [:]
            )
        case .create(let desired, _), .restore(_, let desired, _), .keep(_, _, let desired):
            let onlyForNew = Self.onlyForNew(desired, plan.decision.known, kind: object.kind, types)
            outcome = .properties(
                Self.sent(desired, without: onlyForNew, plan.actions.lines.map(\.action)),
                manager: desired.manager
            )
            notes.warnings += onlyForNew.map {
                "'\($0)' can be set only for a new \(object.kind.rawValue) and is left out here."
            }
        }
        notes.warnings += plan.notes
        let failures = plan.actions.lines.map(\.outcome).filter { $0.status == .failed }
        if case .properties = outcome { notes.warnings += failures.map { "\($0.message) \($0.remedy)" } }
        self.notes = notes
        actions = plan.actions.lines.map(\.action).filter { $0.verb != .skip }
    }

    /// What the mappings return and an existing object does not get.
    private static func onlyForNew(
        _ desired: DesiredObject,
        _ known: [String: JSONValue]?,
        kind: ObjectKind,
        _ types: GraphTypes
    ) -> [String] {
        guard let known else { return [] }
        let others = AttributeDifference(kind: kind, types: types).leftOut(from: known, to: desired.properties)
        return (desired.properties["passwordProfile"] == nil ? [] : ["passwordProfile"]) + others
    }

    /// The properties as they are sent to Graph, or as it has them already: a cleared one as null, and no other null.
    private static func sent(_ desired: DesiredObject, without onlyForNew: [String], _ actions: [Action]) -> [String:
        JSONValue]
    {
        let changes = actions.filter { ![.create, .skip].contains($0.verb) }.flatMap(\.changes)
        let written = Dictionary(changes.map { ($0.attribute, $0.new) }, uniquingKeysWith: { $1 })
        let known = desired.properties.filter { !$0.value.isNull || written[$0.key] != nil }
        return known.merging(written.filter { known[$0.key] != nil }) { $1 }.filter { !onlyForNew.contains($0.key) }
    }
}

extension PreviewResult {
    /// The result as JSON.
    package var json: JSONValue {
        [
            "kind": .string(object.kind.rawValue), "pk": .string(object.id), "name": .string(name),
            "scope": ["included": .bool(scope.isIncluded), "reason": .string(scope.reason)], "outcome": outcome.json,
            "actions": .array(
                actions.map { action in
                    [
                        "action": .string(action.verb.rawValue), "reason": .string(action.reason.rawValue),
                        "changes": .array(
                            action.changes.map { change in
                                [
                                    "attribute": .string(change.attribute), "old": change.old ?? .null,
                                    "new": change.new,
                                ]
                            }
                        ),
                    ]
                }
            ),
            "log": .array(notes.lines.map { ["level": .string($0.level), "text": .string($0.text)] }),
            "events": .array(notes.events.map { ["action": .string($0.action), "context": $0.context] }),
            "warnings": .array(notes.warnings.map(JSONValue.string)),
            "milliseconds": .number(duration.milliseconds),
        ]
    }
}

extension PreviewResult.Outcome {
    fileprivate var json: JSONValue {
        switch self {
        case .properties(let properties, let manager):
            ["state": "properties", "properties": .object(properties), "manager": manager?.json ?? .null]
        case .skipped: ["state": "skipped"]
        case .leftAlone(let message, let remedy, let attribute, let given):
            [
                "state": "refused", "message": .string(message), "remedy": .string(remedy),
                "attribute": JSONValue(attribute), "properties": .object(given),
            ]
        }
    }
}

extension ManagerReference {
    fileprivate var json: JSONValue {
        switch self {
        case .nobody: ["user": .null]
        case .key(let key): ["user": .integer(key.rawValue)]
        case .name(let name): ["user": .string(name)]
        }
    }
}

extension Duration {
    /// For people and programs to read.
    fileprivate var milliseconds: Double {
        Double(components.seconds) * 1000 + Double(components.attoseconds) / 1_000_000_000_000_000
    }
}
