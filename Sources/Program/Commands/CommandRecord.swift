import CausewayAPI
import CausewayJSON
import CausewayModel
import CausewayStore

extension EventOrigin {
    /// A command, and the user of this machine who enters it.
    static var command: EventOrigin { .commandLine(systemUser: .operatingSystemUser) }

    /// A command in the name of a person.
    static func command(by name: String) -> EventOrigin {
        EventOrigin(actor: name, channel: .commandLine, systemUser: .operatingSystemUser)
    }
}

extension Transaction {
    /// Records what a command changed in a provider.
    func recordCommand(_ kind: EventKind, _ provider: EntraProvider, _ changes: [FieldChange]) throws {
        try record(kind, APIModel.provider.object("\(provider.id)", provider.name), changes, by: .command)
    }

    /// Stores a mapping, and records what a command changed in it.
    func saveByCommand(_ mapping: PropertyMapping, since before: PropertyMapping?) throws {
        try saveMapping(mapping)
        try record(
            before == nil ? .created : .updated,
            APIModel.mapping.object(mapping.id.text, mapping.name),
            mapping.allChanges(since: before ?? .blank),
            related: try providers(using: mapping.id),
            by: .command
        )
    }

    /// Stores an application, and records what a command changed in it.
    func saveByCommand(_ application: Application, since before: Application?) throws {
        try saveApplication(application)
        try record(
            before == nil ? .created : .updated,
            APIModel.application.object(application.id.text, application.name),
            application.allChanges(since: before ?? .blank),
            by: .command
        )
    }

    /// Records what a command changed in the schedule of a provider.
    func recordCommand(_ provider: EntraProvider, since before: ProviderSchedule) throws {
        let changes = try runState(of: provider.id).schedule.changes(since: before)
        guard !changes.isEmpty else { return }
        try recordCommand(.updated, provider, changes)
    }
}

extension Transaction {
    /// Records that a command starts a run.
    ///
    /// - Parameter mode: what for: `plan`, `apply` or `sync`.
    func recordRun(_ run: RunID, _ mode: String, of provider: EntraProvider) throws {
        try record(
            .runRequested,
            APIModel.provider.object("\(provider.id)", provider.name),
            details: ["mode": .string(mode), "run": .string(run.text)],
            by: .command
        )
    }
}
