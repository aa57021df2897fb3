import CausewayModel

/// Decides which object gets a unique value, and in which order. Pure.
///
/// An object that has a value keeps it. A value that is free, or is being freed, goes to the first object that wants it: users before
/// groups, and the lower key first. A value is given after the action that frees it, however long the chain. In a cycle no action
/// can come first, so no value of it changes.
struct ValueContest {
    /// An object that wants values which others have or want.
    struct Contender {
        let object: ObjectReference
        let name: String
        let wants: Set<UniqueValue>
        /// Whether it gets all required values or nothing at all: an object to be created or restored.
        var needsAll = false
        /// Where its values are now.
        var sources: [UniqueValue: [Source]] = [:]
        /// Who wants the same and is certain to get it.
        var winners: [UniqueValue: String] = [:]
    }

    /// Where a value is, and whether it becomes free.
    enum Source: Hashable {
        /// It stays there, for a reason in words.
        case stays(Outcome)
        /// Its object, with that name, is deleted or is certain to give it up.
        case freed(by: String)
        /// Another contender gives it up if it gets its own desired value.
        case contender(Int, name: String)
    }

    let contenders: [Contender]
    /// Why a contender does not get a value.
    private(set) var denials: [[UniqueValue: Outcome]]

    init(_ contenders: [Contender]) {
        self.contenders = contenders
        denials = Array(repeating: [:], count: contenders.count)
        repeat {
            while denyWhatStays() {}
        } while denyLaterOnes() || denyCycles()
    }

    // MARK: Results

    /// Whether a contender gets nothing at all.
    func isVoid(_ index: Int) -> Bool {
        contenders[index].needsAll && denials[index].keys.contains(where: \.isVital)
    }

    /// The values that a contender gets.
    func granted(_ index: Int) -> Set<UniqueValue> {
        isVoid(index) ? [] : contenders[index].wants.filter { denials[index][$0] == nil }
    }

    /// How many steps must be done in turn before a contender gets its values.
    func level(_ index: Int) -> Int {
        granted(index).reduce(0) { level, value in
            (contenders[index].sources[value] ?? []).reduce(level) { level, source in
                switch source {
                case .stays: level
                case .freed: max(level, 1)
                // No cycles are left.
                case .contender(let other, _): max(level, self.level(other) + 1)
                }
            }
        }
    }

    // MARK: Rounds

    /// - Returns: whether anything was denied.
    private mutating func denyWhatStays() -> Bool {
        var hasDenied = false
        for index in contenders.indices {
            for value in granted(index) {
                for source in contenders[index].sources[value] ?? [] {
                    guard let reason = obstacle(source, value) else { continue }
                    denials[index][value] = reason
                    hasDenied = true
                    break
                }
            }
        }
        return hasDenied
    }

    private func obstacle(_ source: Source, _ value: UniqueValue) -> Outcome? {
        switch source {
        case .stays(let reason): return reason
        case .freed: return nil
        case .contender(let other, let name):
            let keeps = isVoid(other) || denials[other].keys.contains { $0.property == value.property }
            return keeps ? .kept(value, by: name) : nil
        }
    }

    private mutating func denyLaterOnes() -> Bool {
        var hasDenied = false
        var taken: [UniqueValue: String] = [:]
        for index in contenders.indices {
            for value in granted(index) {
                if let winner = contenders[index].winners[value] ?? taken[value] {
                    denials[index][value] = .alsoDesired(value, by: winner)
                    hasDenied = true
                }
            }
            // This is decided once it is known what the contender gets at all.
            for value in granted(index) { taken[value] = contenders[index].title }
        }
        return hasDenied
    }

    private mutating func denyCycles() -> Bool {
        guard let cycle = cycle() else { return false }
        let names = cycle.map { contenders[$0].title }.sorted()
        for (step, index) in cycle.enumerated() {
            let next = cycle[(step + 1) % cycle.count]
            for value in granted(index) where givers(index, value).contains(next) {
                denials[index][value] = .swapped(value, among: names)
            }
        }
        return true
    }

    /// Contenders that wait for each other in a cycle.
    private func cycle() -> [Int]? {
        var finished: Set<Int> = []
        for start in contenders.indices where !finished.contains(start) {
            var path = [start]
            var open = [Array(givers(start))]
            while let index = path.last {
                guard let next = open[open.count - 1].popLast() else {
                    finished.insert(index)
                    path.removeLast()
                    open.removeLast()
                    continue
                }
                if let first = path.firstIndex(of: next) { return Array(path[first...]) }
                guard !finished.contains(next) else { continue }
                path.append(next)
                open.append(Array(givers(next)))
            }
        }
        return nil
    }

    private func givers(_ index: Int) -> Set<Int> {
        granted(index).reduce(into: []) { $0.formUnion(givers(index, $1)) }
    }

    private func givers(_ index: Int, _ value: UniqueValue) -> Set<Int> {
        Set(
            (contenders[index].sources[value] ?? []).compactMap { source in
                if case .contender(let other, _) = source { other } else { nil }
            }
        )
    }
}

extension ValueContest.Contender {
    fileprivate var title: String { "\(name) (\(object.kind.rawValue) \(object.id))" }
}

extension Outcome {
    /// Another object of the directory has it and keeps it.
    static func kept(_ value: UniqueValue, by name: String) -> Outcome {
        Outcome(
            .failed,
            message: "\(value.phrase) is taken by \(name).",
            remedy: "Give one of the two another value.",
            attribute: value.property.rawValue,
            rule: .taken(value)
        )
    }

    fileprivate static func alsoDesired(_ value: UniqueValue, by name: String) -> Outcome {
        Outcome(
            .failed,
            message:
                "\(value.phrase) is also the desired value of \(name), which takes precedence (users before groups, lower key first).",
            remedy: "Give one of the two another value.",
            attribute: value.property.rawValue,
            rule: .taken(value)
        )
    }

    fileprivate static func swapped(_ value: UniqueValue, among names: [String]) -> Outcome {
        Outcome(
            .failed,
            message:
                "\(value.phrase) is part of a cyclic swap, so no change can be made first: \(names.joined(separator: ", ")).",
            remedy: "Give one of them an unused value, let that sync, and then give it the desired one.",
            attribute: value.property.rawValue,
            rule: .taken(value)
        )
    }
}

extension FailureRule {
    /// Only one object may have the value, and another one has or gets it.
    static func taken(_ value: UniqueValue) -> FailureRule {
        FailureRule("unique", title: "Another object has this \(value.property.rawValue), which must be unique.")
    }
}
