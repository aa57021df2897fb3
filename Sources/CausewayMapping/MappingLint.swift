package import CausewayGraphTypes
import CausewayJSON
import CausewayModel

/// Looks mappings over without running them: syntax, names that there are not, and properties that Graph has not.
package struct MappingLint: Sendable {
    /// Something to correct, or to look at.
    package struct Finding: Hashable, Sendable {
        /// Whether the mapping cannot be used as it is.
        package let isError: Bool
        package let problem: MappingProblem
    }

    private let set: MappingSet
    private let types: GraphTypes
    private let host: MappingHost

    package init(set: MappingSet, types: GraphTypes, host: MappingHost) {
        (self.set, self.types, self.host) = (set, types, host)
    }

    /// - Returns: what was found, in the order of mappings and lines; empty where there is nothing to say.
    /// - Throws: ``MappingHostError`` where no worker can be started.
    package func findings() async throws -> [Finding] {
        let names = PropertyNames(types: types)
        let rules = PropertyRules(kind: set.kind, types: types, names: names)
        let reader = ResultReader(mappingSet: set, rules: rules)
        let configuration = set.configuration(types: types, shutsDoor: host.protection.seccomp)
        let reply = try await host.begin(configuration, program: WorkerProgram.lintingBytes)
        let answer = try reader.firstAnswer(reply)
        let faults = reader.faults(in: answer).map { Finding(isError: true, problem: $0) }
        return faults + (answer["lint"]?.array ?? []).flatMap { Self.findings(in: $0, rules) }
    }

    private static func findings(in lint: JSONValue, _ rules: PropertyRules) -> [Finding] {
        let mapping = lint["mapping"]?.string ?? ""
        let told = (lint["findings"]?.array ?? []).map { finding in
            problem(mapping, finding, message: finding["message"]?.string ?? "", remedy: "")
        }
        let unknown = (lint["properties"]?.array ?? []).compactMap { place -> MappingProblem? in
            guard let name = place["key"]?.string, let fault = rules.objection(to: name) else { return nil }
            return problem(mapping, place, message: fault.message, remedy: fault.remedy)
        }
        return (told + unknown).sorted { ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0) }
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
