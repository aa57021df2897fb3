package import CausewayGraphTypes
import CausewayJSON
package import CausewayModel

/// Checks mappings without running them: syntax, unknown names, and properties that Graph does not have.
package struct MappingLint: Sendable {
    /// An error or a warning.
    package struct Finding: Hashable, Sendable {
        /// Whether the mapping cannot be used as it is.
        package let isError: Bool
        package let problem: MappingProblem
    }

    private let set: MappingSet
    private let types: GraphTypes
    private let environment: MappingEnvironment

    package init(set: MappingSet, types: GraphTypes, environment: MappingEnvironment) {
        (self.set, self.types, self.environment) = (set, types, environment)
    }

    /// - Parameter isFromAuthentik: whether the mappings were written for authentik; then differences of behavior are reported too.
    /// - Returns: the findings, in the order of mappings and lines; empty if there are none.
    /// - Throws: ``MappingEnvironmentError`` if no worker can be started.
    package func findings(isFromAuthentik: Bool = false) async throws -> [Finding] {
        let rules = rules(set.kind)
        let reader = ResultReader(mappingSet: set, rules: rules)
        let answer = try await answer(reader)
        let faults = reader.faults(in: answer).map { Finding(isError: true, problem: $0) }
        let lint = answer["lint"]?.array ?? []
        return faults
            + lint.flatMap { one in
                var further = set.kind == .user ? Self.silences(in: one, of: lint) : []
                if isFromAuthentik { further += Self.told(in: one, "differences") }
                return Self.findings(in: one, rules, further)
            }
    }

    /// The kind of object that the mappings are for: the one that has more of the properties that they return. If both have as
    /// many, users, unless the mappings refer to the group and to no user.
    ///
    /// - Throws: ``MappingEnvironmentError`` if no worker can be started.
    package func likelyKind() async throws -> ObjectKind { kind(of: try await lint()) ?? .user }

    /// The kind of object that each mapping is for, by the mappings' names. A mapping that may be for either is left out.
    ///
    /// - Throws: ``MappingEnvironmentError`` if no worker can be started.
    package func likelyKinds() async throws -> [String: ObjectKind] {
        let kinds = try await lint().compactMap { one in
            kind(of: [one]).flatMap { kind in one["mapping"]?.string.map { ($0, kind) } }
        }
        return Dictionary(kinds, uniquingKeysWith: { $1 })
    }

    private func lint() async throws -> [JSONValue] {
        let reader = ResultReader(mappingSet: set, rules: rules(set.kind))
        return try await answer(reader)["lint"]?.array ?? []
    }

    /// - Returns: nil if the expressions fit users and groups equally well.
    private func kind(of lint: [JSONValue]) -> ObjectKind? {
        let names = lint.flatMap { ($0["properties"]?.array ?? []).compactMap { $0["key"]?.string } }
        let fitting = ObjectKind.allCases.map { kind in
            let rules = rules(kind)
            return (kind, count: names.count { rules.violation(to: $0) == nil })
        }
        let most = fitting.map(\.count).max()
        let best = fitting.filter { $0.count == most }.map(\.0)
        if best.count == 1 { return best[0] }
        let read = Set(lint.flatMap { ($0["read"]?.array ?? []).compactMap(\.string) })
        switch (read.contains("user"), read.contains("group")) {
        case (false, true): return .group
        case (true, false): return .user
        case (true, true): return nil
        case (false, false): return read.contains("request") ? .user : nil
        }
    }

    /// What a worker says about the expressions.
    private func answer(_ reader: ResultReader) async throws -> JSONValue {
        let configuration = set.configuration(types: types, shutsDoor: environment.protection.seccomp)
        let reply = try await environment.begin(configuration, program: WorkerProgram.lintingBytes)
        return try reader.firstAnswer(reply)
    }

    private func rules(_ kind: ObjectKind) -> PropertyRules {
        PropertyRules(kind: kind, types: types, names: PropertyNames(types: types))
    }

    /// The properties that the mappings return as far as their texts show it, in Graph's spelling; `manager` is among those of users.
    ///
    /// - Throws: ``MappingEnvironmentError`` if no worker can be started.
    package func properties() async throws -> Set<String> {
        let rules = rules(set.kind)
        let answer = try await answer(ResultReader(mappingSet: set, rules: rules))
        let names = (answer["lint"]?.array ?? []).flatMap { ($0["given"]?.array ?? []).compactMap(\.string) }
        return Set(names.compactMap(rules.graphName(of:)))
    }

    /// Where a mapping creates an account and no mapping says whether it may sign in.
    private static func silences(in lint: JSONValue, of all: [JSONValue]) -> [MappingProblem] {
        let others = all.filter { $0["mapping"] != lint["mapping"] }
        let isGivenElsewhere = others.contains { other in
            let names = (other["properties"]?.array ?? []).compactMap { $0["key"]?.string }
            return names.contains("account_enabled") || names.contains("accountEnabled")
        }
        guard !isGivenElsewhere else { return [] }
        return (lint["silent_accounts"]?.array ?? []).map { place in
            problem(
                lint["mapping"]?.string ?? "",
                place,
                message: "'account_enabled' is not returned here.",
                remedy:
                    "Add \"account_enabled\": request.user.is_active. Without it, deactivating a user suspends the account only "
                    + "if the provider's 'block_inactive' is on."
            )
        }
    }

    private static func told(in lint: JSONValue, _ name: String) -> [MappingProblem] {
        (lint[name]?.array ?? []).map { finding in
            problem(
                lint["mapping"]?.string ?? "",
                finding,
                message: finding["message"]?.string ?? "",
                remedy: ""
            )
        }
    }

    private static func findings(in lint: JSONValue, _ rules: PropertyRules, _ further: [MappingProblem]) -> [Finding] {
        let mapping = lint["mapping"]?.string ?? ""
        let unknown = (lint["properties"]?.array ?? []).compactMap { place -> MappingProblem? in
            guard let name = place["key"]?.string, let fault = rules.violation(to: name) else { return nil }
            return problem(mapping, place, message: fault.message, remedy: fault.remedy)
        }
        return (told(in: lint, "findings") + unknown + further).sorted {
            ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0)
        }
        .map { Finding(isError: false, problem: $0) }
    }

    private static func problem(_ mapping: String, _ place: JSONValue, message: String, remedy: String)
        -> MappingProblem
    {
        MappingProblem(
            mapping: mapping,
            line: place["line"]?.integer.map(Int.init),
            column: place["column"]?.integer.map(Int.init),
            message: message,
            remedy: remedy
        )
    }
}
