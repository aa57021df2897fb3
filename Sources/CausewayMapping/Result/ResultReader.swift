import CausewayJSON
import CausewayModel

/// Reads a worker's answers. They come from code that others wrote, so nothing in them is taken for granted.
struct ResultReader: Sendable {
    let mappingSet: MappingSet
    let rules: PropertyRules

    /// What is wrong with expressions, from the worker's first answer.
    func faults(in reply: [UInt8]) throws -> [MappingProblem] {
        guard let faults = try? JSONValue(parsing: reply)["faults"]?.array else {
            throw WorkerFailure.ended("its first answer cannot be read")
        }
        return faults.map { fault in
            problem(fault, remedy: "Correct the expression; nothing is synced until then.")
        }
    }

    /// Reads `[0, properties, password]`, `[1]` or `[2, problem]`, each perhaps with what was noted.
    func result(of reply: JSONValue) -> MappingResult {
        guard let parts = reply.array, let code = parts.first?.integer else {
            return MappingResult(.failed(unreadable))
        }
        let count = [0: 3, 1: 1, 2: 2][code] ?? 0
        guard count > 0, parts.count == count || parts.count == count + 1 else {
            return MappingResult(.failed(unreadable))
        }
        var notes = parts.count > count ? MappingNotes(parts[count]) : MappingNotes()
        switch code {
        case 0: return MappingResult(desired(parts[1], password: parts[2].string, &notes.warnings), notes)
        case 1: return MappingResult(.skipped, notes)
        default:
            let problem = problem(parts[1], remedy: "Correct the mapping, or the object's data in the directory.")
            return MappingResult(.failed(problem), notes)
        }
    }

    private func desired(_ result: JSONValue, password: String?, _ warnings: inout [String]) -> MappingOutcome {
        guard var members = result.object, !members.isEmpty else {
            return .failed(
                MappingProblem(
                    mapping: onlyMapping,
                    message: "the mappings return nothing.",
                    remedy: "Return a dict of Graph properties, or raise SkipObject to leave the object out."
                )
            )
        }
        do {
            let manager = try rules.manager(from: &members)
            var masking = Masking(password: password)
            let properties = masking.masked(try rules.graphProperties(from: members, &warnings))
            return .desired(MappedProperties(properties: properties, secrets: masking.secrets, manager: manager))
        } catch {
            return .failed(
                MappingProblem(
                    mapping: onlyMapping,
                    attribute: error.attribute,
                    message: error.message,
                    remedy: error.remedy
                )
            )
        }
    }

    private var unreadable: MappingProblem {
        MappingProblem(mapping: onlyMapping, message: "the answer cannot be read.", remedy: "Simplify the mapping.")
    }

    private var onlyMapping: String { mappingSet.mappings.count == 1 ? mappingSet.mappings[0].name : "" }

    private func problem(_ json: JSONValue, remedy: String) -> MappingProblem {
        let type = json["type"]?.string ?? "error"
        let message = json["message"]?.string ?? ""
        return MappingProblem(
            mapping: json["mapping"]?.string ?? onlyMapping,
            line: json["line"]?.integer.map(Int.init),
            column: json["column"]?.integer.map(Int.init),
            values: json["values"]?.object?.compactMapValues(\.string) ?? [:],
            message: message.isEmpty ? "\(type)." : "\(type): \(message)",
            remedy: remedy
        )
    }
}

extension MappingNotes {
    /// What a worker tells: `{"log": [[level, text]], "events": [{"action", "context"}]}`.
    init(_ json: JSONValue) {
        self.init()
        lines = (json["log"]?.array ?? []).compactMap { line in
            guard let parts = line.array, parts.count == 2, let level = parts[0].string, let text = parts[1].string
            else {
                return nil
            }
            return LogLine(level: level, text: text)
        }
        events = (json["events"]?.array ?? []).compactMap { event in
            event["action"]?.string.map { RecordedEvent(action: $0, context: event["context"] ?? .null) }
        }
    }
}

/// Takes secrets out of properties: every password profile, and wherever else the generated password ended up.
struct Masking {
    let password: String?
    private(set) var secrets: [String: Secret] = [:]

    init(password: String?) { self.password = password }

    mutating func masked(_ properties: [String: JSONValue]) -> [String: JSONValue] {
        guard password != nil || properties["passwordProfile"] != nil else { return properties }
        return masked(members: properties, path: "")
    }

    private mutating func masked(members: [String: JSONValue], path: String) -> [String: JSONValue] {
        var result = members
        for (name, value) in members { result[name] = masked(value, path: path.isEmpty ? name : "\(path).\(name)") }
        return result
    }

    private mutating func masked(_ value: JSONValue, path: String) -> JSONValue {
        switch value {
        case .string(let text):
            let isSecret = path == "passwordProfile.password" || (password.map { text.contains($0) } ?? false)
            guard isSecret else { return value }
            secrets[path] = Secret(text)
            return MappedProperties.mask
        case .object(let members): return .object(masked(members: members, path: path))
        case .array(let values):
            var result: [JSONValue] = []
            for (place, value) in values.enumerated() { result.append(masked(value, path: "\(path).\(place)")) }
            return .array(result)
        default: return value
        }
    }
}
