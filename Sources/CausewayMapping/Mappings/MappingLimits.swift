import Foundation

/// The limits of workers.
package struct MappingLimits: Hashable, Sendable {
    /// Processes at the same time.
    package var workers = ProcessInfo.processInfo.activeProcessorCount
    /// The maximum number of objects in one message.
    package var pageSize = 250
    /// The minimum number of objects in one message, if there are as many: fewer are not worth another worker.
    package var smallestPage = 50
    /// How long one object may take; a page gets this and a little more for each object. Waiting for answers of the directory, or for a
    /// processor, does not count.
    package var timeLimit: Duration = .seconds(2)
    /// How much longer a page may take for each of its objects.
    package var timeForEach: Duration = .milliseconds(20)
    /// Computing time after which the kernel ends a worker in any case. A worker that has used half of it is replaced.
    package var processorSeconds = 120
    /// How many questions a page may ask of the directory.
    package var questions = 2000
    /// Bytes of address space.
    package var memory = 256 << 20
    /// After this many objects in a row that had to be stopped, the evaluation stops as a whole.
    package var stoppedInARow = 10

    package init() {}

    /// How many workers are useful for this many objects.
    func workers(for count: Int) -> Int { min(workers, (count + smallestPage - 1) / max(1, smallestPage)) }

    /// How many objects go into a message, so that all workers end at about the same time.
    func pageSize(for count: Int) -> Int {
        func quotient(_ number: Int, _ divisor: Int) -> Int { (number + divisor - 1) / max(1, divisor) }
        let rounds = quotient(quotient(count, pageSize), workers)
        return min(pageSize, max(smallestPage, quotient(count, rounds * workers)))
    }
}
