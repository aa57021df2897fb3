import CausewayGraphTypes
import CausewayJSON
import CausewayModel

/// Reads a worker's answers. They come from untrusted code, so they are checked completely.
struct ResultReader: Sendable {
    let mappingSet: MappingSet
    let rules: PropertyRules

    /// A worker's first answer.
    func firstAnswer(_ reply: [UInt8]) throws -> JSONValue {
        guard let answer = try? JSONValue(parsing: reply), answer["faults"]?.array != nil else {
            throw WorkerFailure.ended("its first answer cannot be read")
        }
        return answer
    }

    /// The errors in expressions, from the worker's first answer.
    func faults(in answer: JSONValue) -> [MappingProblem] {
        (answer["faults"]?.array ?? []).map { fault in
            problem(fault, remedy: "Correct the expression; nothing is synced until then.")
        }
    }

    /// Reads the answer to a page, in Python's `marshal`: the shapes of results, as JSON, and a list of results that refer to them.
    ///
    /// - Throws: ``WorkerFailure`` if it is not such an answer.
    func results(of reply: [UInt8], count: Int) throws(WorkerFailure) -> [MappingResult] {
        do { return try reply.withUnsafeBytes { try results(of: MarshalReader($0), count) } } catch {
            throw .protocolViolation
        }
    }

    private func results(of reader: consuming MarshalReader, _ count: Int) throws -> [MappingResult] {
        guard try reader.tuple() == 2, let shapes = try JSONValue(parsing: reader.data()).array else {
            throw MarshalReader.Unreadable()
        }
        let read = shapes.map { ResultShape($0, rules: rules) }
        guard try reader.list() == count else { throw MarshalReader.Unreadable() }
        var results: [MappingResult] = []
        results.reserveCapacity(count)
        for _ in 0..<count { results.append(try result(&reader, read)) }
        guard reader.isAtEnd else { throw MarshalReader.Unreadable() }
        return results
    }

    /// Reads `(shape, passwords, value, …)`, or any other result as JSON.
    private func result(_ reader: inout MarshalReader, _ shapes: [ResultShape?]) throws -> MappingResult {
        guard reader.next == .tuple else {
            guard let reply = try? JSONValue(parsing: reader.data()) else { return MappingResult(.failed(unreadable)) }
            return result(of: reply, shapes)
        }
        let count = try reader.tuple() - 2
        let number = try reader.integer()
        guard count >= 0, shapes.indices.contains(Int(number)), let shape = shapes[Int(number)],
            shape.places.count == count, let passwords = try reader.value().array
        else { throw MarshalReader.Unreadable() }
        var values: [JSONValue] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try reader.value()) }
        return desired(values, shape, passwords)
    }

    /// Reads `[0, shape, values, passwords]`, `[1]` or `[2, problem]`, each perhaps with notes.
    private func result(of reply: JSONValue, _ shapes: [ResultShape?]) -> MappingResult {
        guard let parts = reply.array, let code = parts.first?.integer, let length = Self.length(code),
            parts.count == length || parts.count == length + 1
        else { return MappingResult(.failed(unreadable)) }
        let said: JSONValue? = parts.count > length ? parts[length] : nil
        let notes = said.map(MappingNotes.init) ?? MappingNotes()
        switch code {
        case 0:
            guard let number = parts[1].integer, shapes.indices.contains(Int(number)), let shape = shapes[Int(number)],
                let values = parts[2].array, values.count == shape.places.count, let passwords = parts[3].array
            else { return MappingResult(.failed(unreadable)) }
            return desired(values, shape, passwords, said.map(OddValues.types) ?? [:], notes)
        case 1: return MappingResult(.skipped, notes)
        default:
            let problem = problem(parts[1], remedy: "Correct the mapping, or the object's data in the directory.")
            return MappingResult(.failed(problem), notes)
        }
    }

    private func desired(
        _ values: [JSONValue],
        _ shape: ResultShape,
        _ passwords: [JSONValue],
        _ odd: [Int: String] = [:],
        _ notes: consuming MappingNotes = MappingNotes()
    ) -> MappingResult {
        if let exposure = PasswordExposure(passwords.compactMap(\.string)).find(values, shape) {
            return MappingResult(.failed(problem(exposure.fault, mapping: exposure.mapping)), notes)
        }
        let outcome = desired(values, shape, odd, &notes.warnings)
        return MappingResult(outcome, notes)
    }

    private static func length(_ code: Int64) -> Int? {
        switch code {
        case 0: 4
        case 1: 1
        case 2: 2
        default: nil
        }
    }

    private func desired(
        _ values: [JSONValue],
        _ shape: ResultShape,
        _ odd: [Int: String],
        _ warnings: inout [String]
    ) -> MappingOutcome {
        guard !values.isEmpty else {
            return .failed(
                MappingProblem(
                    mapping: onlyMapping,
                    message: "the mappings return nothing.",
                    remedy: "Return a dict of Graph properties, or raise SkipObject to skip the object."
                )
            )
        }
        var properties = [String: JSONValue](minimumCapacity: values.count)
        var manager: ManagerReference?
        var leftOut: [MappingProblem] = []
        for (number, (place, value)) in zip(shape.places, values).enumerated() {
            do throws(PropertyFault) {
                switch place.role {
                case .property(let own):
                    if let type = odd[number] { throw rules.fault(ofType: type, for: own) }
                    var said: [PropertyFault] = []
                    properties[own.property.name] = try rules.checked(value, for: own, &warnings, leavingOut: &said)
                    if !said.isEmpty { leftOut += said.map { problem($0, at: place) } }
                case .directoryExtension: properties[place.name] = rules.checked(directoryExtension: value)
                case .additionalData:
                    guard case .object(let more) = value else { throw rules.fault(ofAdditionalData: value) }
                    properties.merge(more) { $1 }
                case .manager: manager = try rules.manager(value)
                case .refused(let fault): throw fault
                }
            } catch {
                let problem = problem(error, at: place)
                guard error.isLeftOut, rules.policy == .leaveOut else { return .failed(problem) }
                leftOut.append(problem)
            }
        }
        // If the mappings return nothing else, there is nothing left to send.
        if properties.isEmpty, manager == nil, let first = leftOut.first { return .failed(first) }
        let secrets = properties.maskPassword()
        return .desired(
            MappedProperties(properties: properties, secrets: secrets, manager: manager, leftOut: leftOut)
        )
    }

    private func problem(_ fault: PropertyFault, at place: ResultShape.Place) -> MappingProblem {
        problem(fault, mapping: place.mapping, line: place.line)
    }

    private func problem(_ fault: PropertyFault, mapping: String, line: Int? = nil) -> MappingProblem {
        let origin = mappingSet.mappings.count > 1 ? " Mapping '\(mapping)' returns it." : ""
        return MappingProblem(
            mapping: mapping,
            attribute: fault.attribute,
            line: line,
            message: fault.message,
            remedy: fault.remedy + origin,
            rule: fault.rule
        )
    }

    private var unreadable: MappingProblem {
        MappingProblem(mapping: onlyMapping, message: "the answer cannot be read.", remedy: "Simplify the mapping.")
    }

    private var onlyMapping: String { mappingSet.mappings.count == 1 ? mappingSet.mappings[0].name : "" }

    private func problem(_ json: JSONValue, remedy: String) -> MappingProblem {
        let type = json["type"]?.string ?? "error"
        let message = json["message"]?.string ?? ""
        let mapping = json["mapping"]?.string ?? onlyMapping
        let line = json["line"]?.integer.map(Int.init)
        let place = mapping.isEmpty ? "A mapping" : "Mapping '\(mapping)'"
        return MappingProblem(
            mapping: mapping,
            line: line,
            column: json["column"]?.integer.map(Int.init),
            values: json["values"]?.object?.compactMapValues(\.string) ?? [:],
            message: message.isEmpty ? "\(type)." : "\(type): \(message)",
            remedy: remedy,
            // The message of an exception may contain any value, so the place and the kind are the rule.
            rule: FailureRule(
                "exception:\(mapping):\(line ?? 0):\(type)",
                title: "\(place) raises \(type)\(line.map { " in line \($0)" } ?? "")."
            )
        )
    }
}

extension MappingNotes {
    /// What a worker reports: `{"log": [[level, text]], "events": [{"action", "context"}], "asked": ["groups"]}`.
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
        dependences = Set((json["asked"]?.array ?? []).compactMap { $0.string.flatMap(Dependence.init) })
    }
}

extension [String: JSONValue] {
    /// Masks the password of a password profile.
    ///
    /// - Returns: the password by its path.
    fileprivate mutating func maskPassword() -> [String: Secret] {
        guard case .object(var profile) = self["passwordProfile"], let password = profile["password"]?.string else {
            return [:]
        }
        profile["password"] = MappedProperties.mask
        self["passwordProfile"] = .object(profile)
        return ["passwordProfile.password": Secret(password)]
    }
}
