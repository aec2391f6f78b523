// pkg-config: gio-2.0
/* A module hands itself to calls that nothing can withdraw; its destructor does not tell them. */
#include <gio/gio.h>

#include <algorithm>
#include <list>
#include <string>

class Audio
{
      public:
	explicit Audio(GDBusProxy *proxy) : proxy(proxy)
	{
	}
	~Audio()
	{
		g_object_unref(proxy);
	}
	void load_bad()
	{
		g_dbus_proxy_call( // want premature-cancel: this
		        proxy, "Load", nullptr, G_DBUS_CALL_FLAGS_NONE, -1, nullptr, loaded, this);
	}

      private:
	static void loaded(GObject *source, GAsyncResult *result, gpointer data)
	{
		auto *self = static_cast<Audio *>(data);
		g_autoptr(GError) error = nullptr;
		g_autoptr(GVariant) value = g_dbus_proxy_call_finish(G_DBUS_PROXY(source), result, &error);
		if (!value) {
			g_warning("%s: %s", self->name.c_str(), error->message);
			return;
		}
		self->pending--;
	}
	GDBusProxy *proxy;
	std::string name = "audio";
	int pending = 1;
};

class Sound
{
      public:
	explicit Sound(GDBusProxy *proxy) : proxy(proxy)
	{
		all.push_back(this);
	}
	~Sound()
	{
		all.remove(this);
		g_object_unref(proxy);
	}
	void load_ok()
	{
		g_dbus_proxy_call(proxy, "Load", nullptr, G_DBUS_CALL_FLAGS_NONE, -1, nullptr, loaded, this);
	}

      private:
	static bool alive(Sound *self)
	{
		return std::find(all.begin(), all.end(), self) != all.end();
	}
	static void loaded(GObject *source, GAsyncResult *result, gpointer data)
	{
		auto *self = static_cast<Sound *>(data);
		if (!alive(self))
			return;
		g_autoptr(GError) error = nullptr;
		g_autoptr(GVariant) value = g_dbus_proxy_call_finish(G_DBUS_PROXY(source), result, &error);
		if (!value) {
			g_warning("%s: %s", self->name.c_str(), error->message);
			return;
		}
		self->pending--;
	}
	static std::list<Sound *> all;
	GDBusProxy *proxy;
	std::string name = "sound";
	int pending = 1;
};

std::list<Sound *> Sound::all;

void load_both(Audio &audio, Sound &sound)
{
	audio.load_bad();
	sound.load_ok();
}

void drop_both(Audio *audio, Sound *sound)
{
	delete audio;
	delete sound;
}
