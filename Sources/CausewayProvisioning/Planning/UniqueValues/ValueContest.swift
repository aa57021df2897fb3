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
    private(set) var refusals: [[UniqueValue: Outcome]]

    init(_ contenders: [Contender]) {
        self.contenders = contenders
        refusals = Array(repeating: [:], count: contenders.count)
        repeat {
            while refuseWhatStays() {}
        } while refuseLaterOnes() || refuseCircles()
    }

    // MARK: Results

    /// Whether a contender gets nothing at all.
    func isVoid(_ place: Int) -> Bool {
        contenders[place].needsAll && refusals[place].keys.contains(where: \.isVital)
    }

    /// The values that a contender gets.
    func granted(_ place: Int) -> Set<UniqueValue> {
        isVoid(place) ? [] : contenders[place].wants.filter { refusals[place][$0] == nil }
    }

    /// How many steps must be done, one after the other, before a contender gets its values.
    func level(_ place: Int) -> Int {
        granted(place).reduce(0) { level, value in
            (contenders[place].sources[value] ?? []).reduce(level) { level, source in
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

    /// - Returns: whether anything was refused.
    private mutating func refuseWhatStays() -> Bool {
        var hasRefused = false
        for place in contenders.indices {
            for value in granted(place) {
                for source in contenders[place].sources[value] ?? [] {
                    guard let reason = obstacle(source, value) else { continue }
                    refusals[place][value] = reason
                    hasRefused = true
                    break
                }
            }
        }
        return hasRefused
    }

    private func obstacle(_ source: Source, _ value: UniqueValue) -> Outcome? {
        switch source {
        case .stays(let reason): return reason
        case .freed: return nil
        case .contender(let other, let name):
            let keeps = isVoid(other) || refusals[other].keys.contains { $0.property == value.property }
            return keeps ? .kept(value, by: name) : nil
        }
    }

    private mutating func refuseLaterOnes() -> Bool {
        var hasRefused = false
        var taken: [UniqueValue: String] = [:]
        for place in contenders.indices {
            for value in granted(place) {
                if let winner = contenders[place].winners[value] ?? taken[value] {
                    refusals[place][value] = .wanted(value, by: winner)
                    hasRefused = true
                }
            }
            // This is decided once it is known what the contender gets at all.
            for value in granted(place) { taken[value] = contenders[place].title }
        }
        return hasRefused
    }

    private mutating func refuseCircles() -> Bool {
        guard let circle = circle() else { return false }
        let names = circle.map { contenders[$0].title }.sorted()
        for (step, place) in circle.enumerated() {
            let next = circle[(step + 1) % circle.count]
            for value in granted(place) where givers(place, value).contains(next) {
                refusals[place][value] = .exchanged(value, among: names)
            }
        }
        return true
    }

    /// Contenders that wait for each other in a cycle.
    private func circle() -> [Int]? {
        var finished: Set<Int> = []
        for start in contenders.indices where !finished.contains(start) {
            var path = [start]
            var open = [Array(givers(start))]
            while let place = path.last {
                guard let next = open[open.count - 1].popLast() else {
                    finished.insert(place)
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

    private func givers(_ place: Int) -> Set<Int> {
        granted(place).reduce(into: []) { $0.formUnion(givers(place, $1)) }
    }

    private func givers(_ place: Int, _ value: UniqueValue) -> Set<Int> {
        Set(
            (contenders[place].sources[value] ?? []).compactMap { source in
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

    fileprivate static func wanted(_ value: UniqueValue, by name: String) -> Outcome {
        Outcome(
            .failed,
            message:
                "\(value.phrase) is also the desired value of \(name), whose lower key comes first.",
            remedy: "Give one of the two another value.",
            attribute: value.property.rawValue,
            rule: .taken(value)
        )
    }

    fileprivate static func exchanged(_ value: UniqueValue, among names: [String]) -> Outcome {
        Outcome(
            .failed,
            message:
                "\(value.phrase) is exchanged in a cycle, in which no change can come first: \(names.joined(separator: ", ")).",
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
