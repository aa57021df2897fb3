import ArgumentParser
import CausewayMapping
import CausewayModel
import CausewayProvisioning
import CausewayStore
import Foundation

// The headings of options that come from the table of fields.

enum ScopeSection: FieldSection {
    typealias Record = ProviderSettings
    static let section = CommandOption.Section.scope
}

enum MatchingSection: FieldSection {
    typealias Record = ProviderSettings
    static let section = CommandOption.Section.matching
}

enum EndpointSection: FieldSection {
    typealias Record = ProviderSettings
    static let section = CommandOption.Section.endpoints
}

enum PolicySection: FieldSection {
    typealias Record = ProviderSettings
    static let section = CommandOption.Section.policy
}

enum UserSection: FieldSection {
    typealias Record = UserProfile
    static let section = CommandOption.Section.profile
}

enum GroupSection: FieldSection {
    typealias Record = GroupProfile
    static let section = CommandOption.Section.profile
}

/// The groups that limit the scope. An option that is not given changes nothing.
struct GroupOptions: ParsableArguments {
    @Option(help: "Only members of this group are provisioned.")
    var filterGroup: String?
    @Flag(help: "All users are provisioned.")
    var noFilterGroup = false
    @Option(name: .customLong("group"), help: "A group to provision; may be repeated. Without any, all are.")
    var groups: [String] = []
    @Flag(help: "All groups are provisioned.")
    var allGroups = false

    func validate() throws {
        guard filterGroup == nil || !noFilterGroup else {
            throw ArgumentParser.ValidationError("Give --filter-group or --no-filter-group, not both.")
        }
        guard groups.isEmpty || !allGroups else {
            throw ArgumentParser.ValidationError("Give --group or --all-groups, not both.")
        }
    }

    func apply(to settings: inout ProviderSettings, in transaction: Transaction) throws {
        func key(_ name: String) throws -> GroupID {
            guard let group = try transaction.group(named: name) else { throw StoreError.notFound("group", name) }
            return group.id
        }
        settings.filterGroup = noFilterGroup ? nil : try filterGroup.map(key) ?? settings.filterGroup
        if allGroups || !groups.isEmpty { settings.groups = try groups.map(key) }
    }
}

/// The mappings of users and groups.
struct MappingOptions: ParsableArguments {
    @Option(
        help: "A file with a Python expression for users, or a mapping's name, instead of the default; may be repeated."
    )
    var userMapping: [String] = []
    @Option(
        help:
            "A file with a Python expression for groups, or a mapping's name, instead of the default; may be repeated."
    )
    var groupMapping: [String] = []

    /// Compiles the given expressions, so that nothing is stored that cannot be run.
    ///
    /// - Throws: ``UserError`` with the place of the error.
    func check(_ data: DataOptions) async throws {
        for (files, kind) in [(userMapping, ObjectKind.user), (groupMapping, .group)] where !files.isEmpty {
            let present = files.filter { FileManager.default.fileExists(atPath: $0) }
            guard !present.isEmpty else { continue }
            let findings = try await MappingLint(files: present, kind: kind, data).findings()
            if let error = findings.first(where: \.isError) {
                throw UserError("\(error.problem.sentence) Nothing was stored; correct the expression.")
            }
        }
    }

    /// Uses the default mappings if none is given and none is set.
    func apply(to settings: inout ProviderSettings, in transaction: Transaction) throws {
        if !userMapping.isEmpty {
            settings.userMappings = try userMapping.map { try stored($0, in: transaction) }
        } else if settings.userMappings.isEmpty {
            settings.userMappings = [try DefaultMappings.user.stored(in: transaction)]
        }
        if !groupMapping.isEmpty {
            settings.groupMappings = try groupMapping.map { try stored($0, in: transaction) }
        } else if settings.groupMappings.isEmpty {
            settings.groupMappings = [try DefaultMappings.group.stored(in: transaction)]
        }
    }

    /// A mapping is named after its file; an existing one of that name is replaced. Without such a file, it is a stored one of that name.
    private func stored(_ file: String, in transaction: Transaction) throws -> MappingID {
        if !FileManager.default.fileExists(atPath: file), let known = try transaction.mapping(named: file) {
            return known.id
        }
        let given = try PropertyMapping(file: file)
        let present = try transaction.mapping(named: given.name)
        if present?.managed != nil {
            throw UserError("'\(given.name)' is a mapping that comes with Causeway; give your file another name.")
        }
        let mapping = PropertyMapping(id: present?.id ?? .random(), name: given.name, expression: given.expression)
        if mapping != present { try transaction.saveByCommand(mapping, since: present) }
        return mapping.id
    }
}

extension PropertyMapping {
    /// Stores a mapping that comes with the product, if it is not stored yet.
    func stored(in transaction: Transaction) throws -> MappingID {
        try transaction.saveManagedMapping(managed ?? name, name: name, expression: expression).id
    }
}
