import Foundation

/// The changes of many objects that this server is making. One that has not ended and is not here was interrupted.
actor BulkRegister {
    private var running: Set<UUID> = []

    func begin(_ id: UUID) { running.insert(id) }
    func end(_ id: UUID) { running.remove(id) }
    func isRunning(_ id: UUID) -> Bool { running.contains(id) }
}
