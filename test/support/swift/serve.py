"""OpenStack Swift with its S3 interface, whole, in one process: objects in memory, the rest in a folder.

Usage: serve.py <folder> <port> <access key> <secret>
Prints "ready" once it listens. What it serves is gone when it ends.
"""
import sys

import eventlet

eventlet.monkey_patch()

from os import devnull, makedirs, path  # noqa: E402

from swift.common.ring import RingBuilder  # noqa: E402
from swift.common.storage_policy import reload_storage_policies  # noqa: E402
from swift.common import utils  # noqa: E402
from swift.common.wsgi import loadapp  # noqa: E402

FOLDER, PORT, KEY, SECRET = sys.argv[1:5]
# Who the access key belongs to: Swift's own name of an account.
TENANT, USER = KEY.split(':')

BACKEND = """
[DEFAULT]
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
log_level = ERROR
workers = 0
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{egg}
"""

PROXY = """
[DEFAULT]
swift_dir = {folder}
log_level = ERROR
workers = 0
[pipeline:main]
pipeline = catch_errors gatekeeper listing_formats s3api tempauth bulk copy slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
auth_pipeline_check = false
s3_acl = false
cors_preflight_allow_origin = *
storage_domain = {domain}
[filter:tempauth]
use = egg:swift#tempauth
user_{tenant}_{user} = {secret} .admin
[filter:bulk]
use = egg:swift#bulk
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
"""


def write(name, text):
    file = path.join(FOLDER, name)
    with open(file, 'w') as out:
        out.write(text)
    return file


def ring(name, port):
    """A ring of one device, on this machine."""
    builder = RingBuilder(1, 1, 0)
    builder.add_dev({'id': 0, 'region': 1, 'zone': 1, 'weight': 1, 'ip': '127.0.0.1',
                     'port': port, 'replication_ip': '127.0.0.1', 'replication_port': port,
                     'device': 'disk', 'meta': ''})
    builder.rebalance()
    builder.get_ring().save(path.join(FOLDER, name + '.ring.gz'))


class Cache:
    """In the place of memcached, which the proxy asks for."""

    def __init__(self):
        self.kept = {}

    def get(self, key, **_):
        return self.kept.get(key)

    def set(self, key, value, **_):
        self.kept[key] = value

    def delete(self, key, **_):
        self.kept.pop(key, None)


def cached(app):
    cache = Cache()

    def with_cache(env, start_response):
        env['swift.cache'] = cache
        return app(env, start_response)
    return with_cache


def serve(app, listener):
    eventlet.spawn(eventlet.wsgi.server, listener, app, open(devnull, 'w'))


def main():
    makedirs(path.join(FOLDER, 'devices', 'disk'), exist_ok=True)
    # What a hash of a path begins with is a secret of an installation; this one has nothing to keep.
    write('swift.conf', '[swift-hash]\nswift_hash_path_suffix = tests\n'
                        '[storage-policy:0]\nname = only\ndefault = yes\n')
    utils.SWIFT_CONF_FILE = path.join(FOLDER, 'swift.conf')
    utils.validate_hash_conf()
    import swift.common.storage_policy as policies
    policies.SWIFT_CONF_FILE = utils.SWIFT_CONF_FILE
    reload_storage_policies()
    for kind, egg in (('account', 'account'), ('container', 'container'), ('object', 'mem_object')):
        listener = eventlet.listen(('127.0.0.1', 0))
        ring(kind, listener.getsockname()[1])
        config = write(kind + '.conf', BACKEND.format(folder=FOLDER, kind=kind, egg=egg))
        serve(loadapp(config), listener)
    config = write('proxy.conf', PROXY.format(folder=FOLDER, tenant=TENANT, user=USER,
                                              secret=SECRET, domain='s3.localhost'))
    serve(cached(loadapp(config)), eventlet.listen(('127.0.0.1', int(PORT))))
    print('ready', flush=True)
    eventlet.Event().wait()


main()
