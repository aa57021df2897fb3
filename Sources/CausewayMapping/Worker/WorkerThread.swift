import Glibc

/// A separate thread. Unlike Foundation's, it reports when the system has none to spare, instead of making its caller
/// wait for ever.
enum WorkerThread {
    private final class Work {
        let run: () -> Void

        init(_ run: @escaping () -> Void) { self.run = run }
    }

    /// - Parameter stackSize: in bytes; nil for the system's default.
    /// - Throws: ``WorkerFailure/notStarted(_:)``.
    static func start(stackSize: Int? = nil, _ work: @escaping @Sendable () -> Void) throws(WorkerFailure) {
        let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
        pthread_attr_init(attributes)
        defer {
            pthread_attr_destroy(attributes)
            attributes.deallocate()
        }
        if let stackSize { pthread_attr_setstacksize(attributes, stackSize) }
        let context = Unmanaged.passRetained(Work(work))
        var thread = pthread_t()
        let problem = pthread_create(
            &thread,
            attributes,
            { context in
                guard let context else { return nil }
                Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run()
                return nil
            },
            context.toOpaque()
        )
        guard problem == 0 else {
            context.release()
            throw .notStarted("no thread: \(String(cString: strerror(problem)))")
        }
        pthread_detach(thread)
    }
}
